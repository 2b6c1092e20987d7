from __future__ import annotations

from pathlib import Path

import pytest

from parloir.simulation import Summary, write_nation
from parloir.simulation.nation import World, make_world
from parloir.simulation.parameters import load


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return write_nation(
        "demo",
        11,
        tmp_path_factory.mktemp("nation") / "demo",
        {"prisons": "3", "inmates": "900", "days": "14"},
    )


@pytest.fixture(scope="session")
def people() -> World:
    """A larger world without its network records."""
    return make_world(load("small", 5, {"inmates": "9000", "prisons": "20"}))


@pytest.fixture(scope="session")
def evidence(demo: Summary) -> Path:
    return demo.evidence
