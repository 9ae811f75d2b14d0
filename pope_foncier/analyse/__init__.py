"""Scenarios, ratios, comparison, draws and benchmark."""
