"""Views of the grants."""
