"""Web push: notices for browsers, by the services that their makers run."""
