"""Study: its sheet, the chain, the plan and its closing, treasury, scenarios, results, ratios."""
