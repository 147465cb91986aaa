"""Pages for volunteers, leads and organisers."""
