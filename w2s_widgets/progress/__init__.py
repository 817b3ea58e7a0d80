"""Show that something long is running, and stop it."""
