"""Delimited files as registers and operators write them: other encodings, delimiters and headers in each
region."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from parloir.simulation.arrow import Column, column, words
from parloir.simulation.streams import Bools, Ints
from parloir.simulation.times import texts

csv: Any = pyarrow.csv


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one office writes: encoding, delimiter, French headers or Parloir's own, pattern of times."""

    encoding: str
    delimiter: str
    french: bool
    times: str = "%d/%m/%Y %H:%M"

    def when(self, times: Ints, missing: Bools | None = None) -> Column:
        """Times as this office writes them: local text, or microseconds under Parloir's own headers."""
        return texts(times, self.times, missing) if self.french else column(times, missing)

    def day(self, days: Ints, missing: Bools | None = None) -> Column:
        """Days since 1970."""
        pattern = "%d/%m/%Y" if self.french else "%Y-%m-%d"
        seconds = column(days * 86_400, missing).cast(pa.timestamp("s"))
        return pyarrow.compute.strftime(seconds, format=pattern)

    def word(self, table: tuple[str, ...], chosen: Ints) -> Column:
        """One of some words."""
        return words(table, chosen)


DIALECTS = (
    Dialect("cp1252", ";", french=True),
    Dialect("utf-8", ";", french=True),
    Dialect("utf-8-sig", ",", french=True, times="%Y-%m-%d %H:%M:%S"),
    Dialect("utf-8", "\t", french=True, times="%d.%m.%Y %H:%M"),
    Dialect("utf-8", ",", french=False),
    Dialect("utf-16", ";", french=True),
)


def dialect_of(region: str, regions: list[str]) -> Dialect:
    """The dialect of a region's offices."""
    return DIALECTS[regions.index(region) % len(DIALECTS)]


def write(path: Path, columns: Mapping[str, Column], dialect: Dialect) -> int:
    """Write one sheet; returns its rows. Letters that the encoding lacks become question marks."""
    table = pa.table(dict(columns))
    buffer = io.BytesIO()
    options = csv.WriteOptions(delimiter=dialect.delimiter, quoting_style="needed")
    csv.write_csv(table, buffer, options)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = buffer.getvalue()
    path.write_bytes(
        text if dialect.encoding == "utf-8" else text.decode().encode(dialect.encoding, "replace")
    )
    return table.num_rows


def shuffled(rng: np.random.Generator, count: int, share_missing: float) -> Ints:
    """Rows to write, in random order, some of them never entered."""
    order = rng.permutation(count)
    return order[rng.random(count) >= share_missing]
