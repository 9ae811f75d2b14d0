"""What moves a decision: swings of the inputs, grids, thresholds, shares of the variance, worth of knowing first, regret."""
