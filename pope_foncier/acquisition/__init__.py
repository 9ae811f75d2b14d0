"""Premises: tenure, purchase, duties, taxes, rents; who holds the walls."""
