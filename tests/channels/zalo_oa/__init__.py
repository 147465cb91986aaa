"""The Zalo Official Account against a simulated Zalo."""
