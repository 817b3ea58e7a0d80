"""Exact experiments in linear worlds."""
