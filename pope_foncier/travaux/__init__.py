"""Works: lots, quotes, ratios, calibration on published operations."""
