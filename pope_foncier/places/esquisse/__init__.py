"""First fit: the rooms of a programme placed in a true outline, as sketches to discuss."""
