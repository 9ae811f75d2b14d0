"""Dated, sourced numbers of the law and of public schemes, and their lookup."""
