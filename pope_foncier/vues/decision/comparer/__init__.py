"""Views of the comparisons."""
