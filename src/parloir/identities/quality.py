"""How good links are, against a column that tells who is who.

A true pair that was never compared counts as missed. The truth column enters neither blocking nor comparing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.errors import InputError
from parloir.identities.columns import as_text
from parloir.identities.link_input import LinkInput
from parloir.identities.linking import Links
from parloir.weights.metrics import cllr, ece

DECIDED = 0.5
"""Default threshold: a pair at or above it is called a link."""
STATED = 0.01
"""Least probability that calibration is measured on."""


@dataclass(frozen=True)
class Quality:
    """Figures of one run.

    Attributes:
        precision, recall, f1: at the default threshold.
        best_f1: at the best threshold, which only the truth can tell.
        cllr: bits; over all pairs given out, the classes weighted equally; None where one class is missing.
        ece: over pairs with a probability of .01 or more, 15 bins of equal mass.
        pairs: pairs called links.
        true_pairs: pairs that the truth holds.
        seconds: of the linking.
    """

    precision: float
    recall: float
    f1: float
    best_f1: float
    cllr: float | None
    ece: float
    pairs: int
    true_pairs: int
    seconds: float


def decided(links: Links) -> int:
    """Pairs at or above the default threshold."""
    return int((links.pairs["probability"].to_numpy() >= DECIDED).sum())


def one_to_one(links: Links) -> int | None:
    """Links that are also in the best assignment; None where a file is no register."""
    if not all(links.diagnostics["once"]):
        return None
    best = links.pairs["best"].to_numpy(zero_copy_only=False).astype(bool)
    return int((best & (links.pairs["probability"].to_numpy() >= DECIDED)).sum())


def truth_of(one: LinkInput, column: str) -> list[str | None]:
    """The truth of each row.

    Raises:
        InputError: there is no such column.
    """
    if column not in one.table.column_names:
        raise InputError(
            f"there is no column “{column}” to take the truth from",
            where=one.name,
            do="name a column of the file",
        )
    values: list[str | None] = as_text(one.table[column]).to_pylist()
    return values


def true_pairs(left: list[str | None], right: list[str | None] | None) -> int:
    """Pairs of rows that the truth calls one person."""
    here = Counter(value for value in left if value is not None)
    if right is None:
        return sum(count * (count - 1) // 2 for count in here.values())
    there = Counter(value for value in right if value is not None)
    return sum(count * there[value] for value, count in here.items())


def outcomes(links: Links, left: list[str | None], right: list[str | None] | None) -> npt.NDArray[np.bool_]:
    """Whether each pair given out is true."""
    one: Any = pa.array(left, pa.string()).take(_rows(links.pairs["left_row"]))
    other: Any = pa.array(right if right is not None else left, pa.string()).take(
        _rows(links.pairs["right_row"])
    )
    return np.asarray(
        [a is not None and a == b for a, b in zip(one.to_pylist(), other.to_pylist(), strict=True)], bool
    )


def _rows(counted: Any) -> Any:
    return pa.array(counted.to_numpy() - 1)


def measure(links: Links, left: list[str | None], right: list[str | None] | None) -> Quality:
    """The figures of links against the truth of both files; `right` is None for one file against itself."""
    is_true = outcomes(links, left, right)
    stated, bits = links.pairs["probability"].to_numpy(), links.pairs["weight_bits"].to_numpy()
    total, called = true_pairs(left, right), stated >= DECIDED
    found = int(is_true[called].sum())
    order = np.lexsort((-bits, -stated))
    hits = np.cumsum(is_true[order])
    best = float((2 * hits / (np.arange(1, len(hits) + 1) + total)).max()) if len(hits) else 0.0
    some = stated >= STATED
    return Quality(
        precision=found / max(int(called.sum()), 1),
        recall=found / max(total, 1),
        f1=2 * found / max(int(called.sum()) + total, 1),
        best_f1=best,
        cllr=cllr(bits[is_true], bits[~is_true]) if 0 < is_true.sum() < len(is_true) else None,
        ece=float(ece(stated[some], is_true[some]).ece) if some.any() else 0.0,
        pairs=int(called.sum()),
        true_pairs=total,
        seconds=float(links.diagnostics["seconds"]),
    )
