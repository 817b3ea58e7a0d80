"""Worlds: where inputs, the truth and the representations come from."""
