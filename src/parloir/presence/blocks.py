"""Blocks of time: records are cut so that a new day's file leaves the days before it as they are.

The cuts lie at midnights, where the set of files changes that have records: files of one day each make a
block a day, files that all span the same month make one block. Every record lies in exactly one block.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
DAY_US = 86_400_000_000
EVER = (-100_000, 100_000)
"""Days since 1970."""
TWICE = 2
"""Cuts that make the engine read the files' records more often than this are not made."""


@dataclass(frozen=True)
class Block:
    """All records from `from_us` to before `to_us` (microseconds UTC); they are in `files`, sorted."""

    from_us: int
    to_us: int
    files: tuple[Path, ...]


@dataclass(frozen=True)
class _Span:
    """A file's row groups: first and last day of each, and how many rows it has; shape (groups,)."""

    path: Path
    first: Numbers
    last: Numbers
    rows: Numbers


def blocks(files: Sequence[Path], time: str) -> tuple[Block, ...]:
    """Cut the files' records into blocks, in the order of time.

    Args:
        files: Parquet files of one table.
        time: the column of times; rows without one are in no block.
    """
    spans = [span for path in sorted(files) if (span := _span(path, time)).rows.size]
    if not spans:
        return ()
    cuts = np.unique(np.concatenate([np.concatenate([span.first, span.last + 1]) for span in spans]))
    held = np.stack([_held(span, cuts) for span in spans], axis=1)
    changes = np.flatnonzero(np.append(True, (held[1:] != held[:-1]).any(axis=1)))
    ends = np.append(cuts[changes[1:]], cuts[-1])
    cut = [
        Block(
            int(first) * DAY_US,
            int(end) * DAY_US,
            tuple(span.path for span, has in zip(spans, held[at], strict=True) if has),
        )
        for at, first, end in zip(changes, cuts[changes], ends, strict=True)
        if held[at].any()
    ]
    if _read(cut, spans) <= TWICE * sum(int(span.rows.sum()) for span in spans):
        return tuple(cut)
    return (Block(cut[0].from_us, cut[-1].to_us, tuple(span.path for span in spans)),)


def content_key(path: Path) -> str:
    """SHA-256 of a Parquet file's size and footer, which has the sizes, bounds and places of all columns."""
    with path.open("rb") as file:
        size = file.seek(-8, 2) + 8
        length = int.from_bytes(file.read(4), "little")
        file.seek(-8 - length, 2)
        return hashlib.sha256(size.to_bytes(8, "little") + file.read(length)).hexdigest()


def _span(path: Path, time: str) -> _Span:
    described = pq.ParquetFile(path).metadata
    column = described.schema.names.index(time)
    groups = [described.row_group(number) for number in range(described.num_row_groups)]
    told = [(_days(group.column(column).statistics), group.num_rows) for group in groups]
    known = [(*days, rows) for days, rows in told if days is not None]
    values = np.array(known, dtype=np.int64).reshape(-1, 3)
    return _Span(path, values[:, 0], values[:, 1], values[:, 2])


def _days(statistics: Any) -> tuple[int, int] | None:
    """First and last day; None when no row has a time, all time when the file does not tell."""
    if statistics is not None and statistics.has_min_max:
        return statistics.min // DAY_US, statistics.max // DAY_US
    nothing = statistics is not None and statistics.has_null_count and statistics.num_values == 0
    return None if nothing else EVER


def _held(span: _Span, cuts: Numbers) -> NDArray[np.bool_]:
    """Whether the file may have records between each cut and the next, shape (cuts - 1,)."""
    opened = np.bincount(np.searchsorted(cuts, span.first), minlength=cuts.size)
    closed = np.bincount(np.searchsorted(cuts, span.last + 1), minlength=cuts.size)
    return np.asarray(np.cumsum(opened - closed)[:-1] > 0)


def _read(cut: Sequence[Block], spans: Sequence[_Span]) -> int:
    """Records in the row groups that the blocks touch, once for each block."""
    rows = 0
    for block in cut:
        for span in spans:
            if span.path in block.files:
                met = (span.first * DAY_US < block.to_us) & (span.last * DAY_US >= block.from_us)
                rows += int(span.rows[met].sum())
    return rows
