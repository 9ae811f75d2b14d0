"""Studies of real estate and investment for new childcare premises in France."""

__version__ = "0.1.0"
