"""TODO progress."""
