"""Room of a workshop: everyone's phone, the projector and the facilitator, on one light server without a kernel."""
