"""Pictures for guides: a screen's description becomes shapes, SVG, and a small PNG. Knows the core only."""
