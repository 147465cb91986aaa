"""Everything durable, and the only place with SQL."""
