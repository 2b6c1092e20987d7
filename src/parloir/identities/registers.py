"""Where both files are registers, each person stands once in each: candidates for one record compete."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from parloir.identities.learning import Integers

pc: Any = pyarrow.compute
Floats = npt.NDArray[np.float64]
TWINS = 0.02
"""Share of linked records with two like counterparts above which a file is no register. Assumed."""
LINKED = 0.5


def compete(left: Integers, right: Integers, stated: Floats) -> Floats:
    """Each pair's probability when at most one of the pairs that share a record can be right.

    The odds of a pair stand against one, and against the odds of all its rivals: p = o / (1 + Σ o). At
    most one
    pair of a record stays above one half, so no separate assignment is needed at the default threshold.
    """
    odds = stated / np.maximum(1.0 - stated, 1e-7)
    rivals = _sums(left, odds) + _sums(right, odds) - 2 * odds
    alone: Floats = np.round(odds / (1.0 + odds + np.maximum(rivals, 0.0)), 6)
    return alone


def _sums(ends: Integers, odds: Floats) -> Floats:
    return np.asarray(np.bincount(ends, weights=odds)[ends], np.float64) if len(ends) else odds


def registers(records: pa.Table, left: Integers, right: Integers, stated: Floats) -> bool:
    """Whether hardly any record has two counterparts that are alike themselves: then nobody stands twice."""
    linked = stated >= LINKED
    if not linked.any():
        return True
    one, other = left[linked], right[linked]
    return _doubled(records, one, other) <= TWINS and _doubled(records, other, one) <= TWINS


def _doubled(records: pa.Table, ends: Integers, partners: Integers) -> float:
    """Share of linked records two of whose partners bear one name and no different birth date or number."""
    order = np.lexsort((partners, ends))
    ends, partners = ends[order], partners[order]
    same_end = np.flatnonzero(ends[1:] == ends[:-1])
    if not len(same_end):
        return 0.0
    first: Any = pa.array(partners[same_end])
    second: Any = pa.array(partners[same_end + 1])
    alike = np.ones(len(same_end), bool)
    for column in ("given_key", "family_key", "birth", "phone", "email"):
        one, other = records[column].take(first), records[column].take(second)
        alike &= pc.fill_null(pc.equal(one, other), True).to_numpy(zero_copy_only=False)
    return float(len(np.unique(ends[same_end][alike])) / len(np.unique(ends)))
