"""Views of the law: scales and what must be checked again."""
