"""`make bench`: every measurement, one after the other; name some to run those alone."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks

FIGURES_OF_ONE_RUN = {"presence_scores", "presence_handsets"}
"""Belong to `make validate`: accuracy, not speed."""


def main(wanted: list[str]) -> None:
    """Run the benchmarks named, or all."""
    names = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name != "__main__"]
    for name in wanted or [n for n in names if n not in FIGURES_OF_ONE_RUN]:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
