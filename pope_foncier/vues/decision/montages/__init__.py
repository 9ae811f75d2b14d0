"""Views of the montages."""
