"""The codes of all kinds of evidence on one axis, so that what holds for every kind is reckoned at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from parloir.holders.kinds import ACQUISITION, KINDS, OWN_DOING, Fellows

Floats = npt.NDArray[np.float64]

SIZES = np.array([len(kind.scale.names) for kind in KINDS])
FIRST = np.concatenate([[0], np.cumsum(SIZES)[:-1]])
"""Where the codes of each kind begin, shape (kinds,)."""
CODES = int(SIZES.sum())
ACQUIRED = KINDS.index(ACQUISITION)
FELLOWS = next(number for number, kind in enumerate(KINDS) if isinstance(kind, Fellows))
_STRATA = np.array([len(levels) for kind in KINDS for _, levels in kind.scale.strata])
_BEGINS = np.concatenate([[0], np.cumsum(_STRATA)[:-1]])
_STRATUM = np.repeat(np.arange(_STRATA.size), _STRATA)
ALONE = np.repeat(_STRATA == 1, _STRATA)
"""Codes that are alone in their stratum: they tell nothing, shape (codes,)."""

DOING = np.repeat([isinstance(kind, OWN_DOING) for kind in KINDS], SIZES)
"""Codes whose parameters are chances, not ratios, shape (codes,)."""


def within_strata(values: Floats) -> Floats:
    """For every code the sum over its stratum, along the last axis, shape (…, codes)."""
    return np.asarray(np.add.reduceat(values, _BEGINS, axis=-1)[..., _STRATUM])


def on_one_axis(by_kind: Mapping[str, Floats]) -> Floats:
    """What the kinds say of their codes, one after another, shape (codes,)."""
    return np.concatenate([by_kind[kind.scale.name] for kind in KINDS])


def by_kind(values: Floats) -> dict[str, Floats]:
    """The reverse of `on_one_axis`."""
    parts = np.split(values, FIRST[1:])
    return {kind.scale.name: part for kind, part in zip(KINDS, parts, strict=True)}
