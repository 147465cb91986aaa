"""Our Telegram channel beside what a user would pick instead: `make bench-channels`."""
