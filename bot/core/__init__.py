"""What the bot says. Pure: no I/O, no clock, no randomness, no logging."""
