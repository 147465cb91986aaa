"""Ratios of things measured in one run: `make bench`."""
