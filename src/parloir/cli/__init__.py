"""The command line: a thin face over `parloir.actions` and the pure rooms. No rule lives here."""

from parloir.cli.application import main

__all__ = ["main"]
