"""Territory: public tables, catchment, childcare needs."""
