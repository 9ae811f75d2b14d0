"""Ground floor: errors, months, numbers, strict files, quantities. Knows nothing of the trade."""
