"""Decision: compare, stress, plausibility, goal seek."""
