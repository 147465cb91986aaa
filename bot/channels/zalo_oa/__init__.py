"""The door on Zalo for an Official Account."""
