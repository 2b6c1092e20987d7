"""The command line: a thin face over `parloir.actions` and the pure rooms. No rule lives here."""

from __future__ import annotations

import sys

from parloir.errors import ParloirError


def main() -> None:
    """Run the program; every error is one sentence on standard error, a setting that cannot be used too."""
    try:
        from parloir.cli.application import run
    except ParloirError as error:
        sys.stderr.write(f"parloir: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:  # while the program was still being loaded
        sys.exit(130)
    sys.exit(run(sys.argv[1:]))


__all__ = ["main"]
