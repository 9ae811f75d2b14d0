"""Sweeps shown: what a plan counts, the whole by extrapolation, what comes first by site, why the rest is not possible."""
