"""Parloir weighs the evidence on contraband phones in prisons."""

__version__ = "0.1.0"
