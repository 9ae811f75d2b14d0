"""Views of a place: site card, plans to scale."""
