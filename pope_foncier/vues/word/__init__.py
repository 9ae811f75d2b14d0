"""Word documents that partners edit: synthesis of a study, minutes of a workshop."""
