"""Dossier of a study for its partners, as a PDF: data prepared here from the tables and pictures of the rooms, set by typst."""
