"""Files of the trade: one module a format, each gives what the file holds; the importer makes a plan of it."""
