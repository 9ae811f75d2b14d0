"""Comparisons: two scenarios in words, sites, modes, montages and closings side by side, criteria and the front of the best."""
