"""Platforms as they behave. A package, so that its folders hide no library of their name."""
