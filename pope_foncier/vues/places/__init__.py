"""Views of the places that fit."""
