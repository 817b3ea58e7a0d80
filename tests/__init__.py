"""Tests of the library, of its pictures and widgets, and of the chapters."""
