"""Views of a portfolio."""
