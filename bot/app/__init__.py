"""When it happens: one use case per file. Knows the core and the ports, no technology."""
