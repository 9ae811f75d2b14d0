"""Doubt about one study: laws of its inputs, draws, and what they say."""
