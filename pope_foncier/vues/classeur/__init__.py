"""Workbook of a study: sheets whose formulas are those of the recorded graph, alive in a spreadsheet."""
