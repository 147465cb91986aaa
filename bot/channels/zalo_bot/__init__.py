"""Zalo Bot Platform: a bot that every Zalo user can write to, without buttons."""
