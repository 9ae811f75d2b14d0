"""What moves a decision, shown: tornado, grid, thresholds, what to know first."""
