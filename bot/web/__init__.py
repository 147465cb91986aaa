"""What people see in a browser: the residents' chat and guides."""
