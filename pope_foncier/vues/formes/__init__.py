"""Shapes that all the views share: table, figure, page, notebook cell, words of the two readings, protection of user text."""
