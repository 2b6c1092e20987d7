from __future__ import annotations

import pytest

from . import made_up as example


@pytest.fixture
def made_up() -> example.MadeUp:
    return example.build()
