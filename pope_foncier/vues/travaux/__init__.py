"""Views of the works and of the calendar."""
