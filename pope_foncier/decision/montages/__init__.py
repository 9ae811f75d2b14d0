"""Montages: the same site held in several ways, and what each costs to whom."""
