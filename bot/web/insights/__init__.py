"""Pages for organisers: where people drop off, and what can be done about it."""
