"""Measures speed: `make bench`."""
