"""Door for Python users: what ``import pope_foncier as pf`` shows, one name a figure or a gesture, pandas in and out."""
