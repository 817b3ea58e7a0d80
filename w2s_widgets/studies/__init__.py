"""Experiments: each ends in outcomes."""
