"""TODO build_data."""
