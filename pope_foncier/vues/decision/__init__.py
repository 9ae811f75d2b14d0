"""Views of a decision: stress, plausibility, support of the commune."""
