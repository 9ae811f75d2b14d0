"""Views of the loans."""
