"""What is kept of the candidates of a handset."""

from __future__ import annotations

import numpy as np

from parloir.holders.blocks import CODE, patterns_of
from parloir.holders.scales import SIZES


def test_patterns_hold_the_codes_of_every_candidate() -> None:
    """Also the largest code of every kind: no two columns of codes are taken for one."""
    drawn = np.random.default_rng(3).integers(0, SIZES[:, None], (SIZES.size, 400))
    codes = np.concatenate([drawn, drawn[:, :100], SIZES[:, None] - 1, 0 * SIZES[:, None]], axis=1)
    patterns, pattern = patterns_of(codes.astype(CODE))
    assert np.array_equal(patterns[:, pattern], codes)
    assert patterns.shape[1] == np.unique(codes, axis=1).shape[1]
    assert pattern.dtype == np.uint16
