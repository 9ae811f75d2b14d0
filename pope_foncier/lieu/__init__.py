"""Place: site, plan (read, checked, measured), rooms, density, constraints."""
