"""Capital grants: rule of each scheme, conditions, caps, stacking, payments."""
