"""Views of the needs of a territory."""
