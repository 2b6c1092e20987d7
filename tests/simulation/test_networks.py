"""Networks and requests of another make-up: dense ones, without 2G, alike near by; lists that name too few or
too many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from parloir.simulation import write_nation
from parloir.simulation.parameters import Parameters, load
from parloir.simulation.radio import OPERATORS, Area, asked_for, build_area, near_first, wide_area

CENTRE = (np.array([47.0]), np.array([2.0]))


def parameters(**changes: str) -> Parameters:
    return load("demo", 1, changes)


def area(**changes: str) -> Area:
    return build_area(parameters(**changes), 0, (0,), CENTRE)


def test_dense_networks_have_hundreds_of_radio_cells() -> None:
    dense = area(sites_per_area="150")
    assert dense.sites.identity.size == 150 * OPERATORS * 6
    assert np.unique(dense.sites.identity).size == dense.sites.identity.size
    assert np.unique(area(sites_per_area="500").sites.identity).size == 500 * OPERATORS * 6


def test_spots_near_each_other_are_served_alike() -> None:
    def common(made: Area) -> float:
        """Share of connections that wings have in common with one another."""
        faces = made.serving.radio_cell[0][made.spots.wing]
        shares = [np.bincount(wing.ravel(), minlength=made.sites.identity.size) / wing.size for wing in faces]
        pairs = [np.minimum(a, b).sum() for k, a in enumerate(shares) for b in shares[:k]]
        return float(np.mean(pairs))

    assert common(area(shadow_metres="1000", fading_db="2")) > 1.2 * common(area(fading_db="2"))


def test_operators_without_2g_serve_everybody_by_4g(tmp_path: Path) -> None:
    assert (area(without_2g="1").sites.layer == 1).all()
    values = {"prisons": "2", "inmates": "300", "days": "3", "prevalence": "0.4", "without_2g": "1"}
    made = write_nation("demo", 2, tmp_path / "w", {**values, "passers_per_inmate_day": "1"})
    found = [
        pq.read_table(path, columns=["technology"])["technology"].to_pylist()
        for path in (made.evidence / "network").glob("R-*.parquet")
    ]
    assert {word for words in found for word in words} == {"4G"}
    listed = (made.evidence / "network" / "radio_cells_1.csv").read_bytes()
    assert b"4G" in listed
    assert b"2G" not in listed


def test_lists_may_name_too_few_or_too_many() -> None:
    made = area(sites_per_area="60")
    right = asked_for(parameters(), made, 0)
    few = asked_for(parameters(asked_missed="0.3"), made, 0)
    many = asked_for(parameters(asked_more="1"), made, 0)
    assert 0.5 * right.sum() < few.sum() < right.sum()
    assert (few <= right).all()
    assert (many >= right).all()
    assert many.sum() == 2 * right.sum()


def test_wide_areas_end_where_told() -> None:
    made = area(sites_per_area="60")
    narrow = wide_area(parameters(wide_area_km="2"), made, 0)
    assert 0 < narrow.sum() < 0.6 * narrow.size
    assert wide_area(parameters(), made, 0).all()


@pytest.mark.parametrize("days", ["3", "30"])
def test_a_wide_area_never_reaches_back_beyond_the_records(days: str, tmp_path: Path) -> None:
    values = {"prisons": "1", "inmates": "150", "days": "6", "wide_area_prisons": "1", "wide_area_days": days}
    made = write_nation("demo", 2, tmp_path / "w", {**values, "wide_area_km": "3"})
    requests = (made.evidence / "network" / "requests.csv").read_text(encoding="utf-8").splitlines()
    begins = {line.split(";")[5].strip('"')[:10] for line in requests if line.startswith(('"W', "W"))}
    assert begins == {"2025-05-17" if days == "3" else "2025-05-14"}


def test_a_small_town_lies_nearer() -> None:
    def metres(town_km: str) -> float:
        spots = area(town_km=town_km).spots
        return float(np.ptp(spots.latitude[near_first(spots, 0)]))

    assert metres("0.6") < 0.5 * metres("2.2")
