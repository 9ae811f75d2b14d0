"""Views of a study: plan, closing, treasury, ratios, scenarios."""
