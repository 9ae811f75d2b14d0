"""Places that fit: premises rules, programme, capacity."""
