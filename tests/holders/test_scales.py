"""Codes of all kinds on one axis."""

from __future__ import annotations

import numpy as np

from parloir.holders.blocks import CODE
from parloir.holders.scales import SIZES


def test_every_code_fits_the_byte_that_it_is_kept_in() -> None:
    assert SIZES.max() - 1 <= np.iinfo(CODE).max
