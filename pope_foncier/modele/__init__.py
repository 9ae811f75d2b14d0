"""Model of a study: inputs with their provenance, context, ledger, parties, modes, calendar, evolution paths."""
