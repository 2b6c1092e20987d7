import numpy as np
import pyarrow as pa
import pytest

from parloir.errors import InputError
from parloir.places import distance_m
from parloir.presence.aggregates import serving, sites
from parloir.presence.counts import counts
from parloir.presence.kinds import kinds
from parloir.presence.parameters import Parameters, default, expected, load
from parloir.presence.posterior import Placed, believed
from parloir.presence.reach import REACHES, SHADOW_DB, CellList, best_server, reach
from parloir.presence.register import ended_at_search, model_levels, on_transfer
from parloir.presence.stints import find
from parloir.presence.visibility import asked_for, from_records, from_requests
from parloir.tables import PRISONS, RADIO_CELLS, REQUESTS
from parloir.tables.schema import Table

HOUR, DAY = 3_600_000_000, 86_400_000_000


def rows(table: Table, *values: dict[str, object]) -> pa.Table:
    return pa.Table.from_batches([table.batch(values)])


def cell(number: int, latitude: float, longitude: float, **more: object) -> dict[str, object]:
    own = {"radio_cell": number, "operator": "A", "technology": "4G"}
    return own | {"latitude": latitude, "longitude": longitude} | more


NEAR = [cell(1, 45.0, 5.0), cell(2, 45.01, 5.0), cell(3, 45.2, 5.0), cell(4, 45.0, 6.0)]
PRISON = {"prison": "P", "latitude": 45.001, "longitude": 5.0}


def test_nearer_radio_cells_serve_more_and_far_ones_not_at_all():
    met = reach(rows(PRISONS, PRISON), CellList.of(rows(RADIO_CELLS, *NEAR)))
    share = dict(zip(met.radio_cell.tolist(), met.share.tolist(), strict=True))
    assert share[1] > share[2] > 0.0
    assert not {3, 4} & set(share)
    assert REACHES <= sum(share.values()) <= 1.0


def test_shares_are_those_of_draws_by_lot():
    level = -np.array([0.0, 3.0, 10.0, 20.0, 45.0])
    shadow = np.random.default_rng(5).normal(0.0, SHADOW_DB, (100_000, 5))
    drawn = np.bincount(np.argmax(level + shadow, axis=1), minlength=5) / 100_000
    share = best_server(level)
    assert share == pytest.approx(drawn, abs=0.005)
    assert 0.0 < share[4] < 0.001


def test_elsewhere_begins_farther_off_where_networks_are_thin():
    """Three sectors a mast, masts on a grid; what is in reach is so many masts off, not so many metres."""
    farthest = []
    for pace in (0.005, 0.05):
        masts = [(45.0 + pace * (x - 9.6), 5.0 + pace * (y - 9.7)) for x in range(20) for y in range(20)]
        grid = [
            cell(3 * at + sector, *mast, azimuth=120.0 * sector, beam_width=65.0)
            for at, mast in enumerate(masts)
            for sector in range(3)
        ]
        cells = CellList.of(rows(RADIO_CELLS, *grid))
        met = reach(rows(PRISONS, {**PRISON, "latitude": 45.0}), cells)
        at = np.searchsorted(cells.radio_cell, met.radio_cell)
        farthest.append(distance_m(cells.latitude[at], cells.longitude[at], 45.0, 5.0).max())
        assert met.radio_cell.size < 250
    assert farthest[1] == pytest.approx(10 * farthest[0], rel=0.2)
    assert 1_500 < farthest[0] < 3_500


def test_a_beam_that_looks_away_serves_less():
    here = cell(1, 45.01, 5.0, azimuth=180.0, beam_width=65.0)
    away = cell(2, 45.01, 5.0, azimuth=0.0, beam_width=65.0)
    met = reach(rows(PRISONS, PRISON), CellList.of(rows(RADIO_CELLS, here, away)))
    share = dict(zip(met.radio_cell.tolist(), met.share.tolist(), strict=True))
    assert share[1] > 5 * share[2]


def test_prisons_without_a_place_reach_nothing():
    met = reach(rows(PRISONS, {"prison": "Q"}), CellList.of(rows(RADIO_CELLS, *NEAR)))
    assert met.radio_cell.size == 0


def test_prisons_that_share_radio_cells_are_one_site():
    prisons = rows(
        PRISONS,
        PRISON,
        {**PRISON, "prison": "Q", "latitude": 45.004},
        {**PRISON, "prison": "R", "longitude": 6.0},
    )
    met = reach(prisons, CellList.of(rows(RADIO_CELLS, *NEAR)))
    site = sites(met, 3)
    assert site.tolist() == [0, 0, 2]
    table = serving(met, site)
    assert table["radio_cell"].to_pylist() == sorted(set(table["radio_cell"].to_pylist()))


def test_stints_join_over_brief_absences_and_leave_out_brief_visits():
    day = np.array([1, 2, 3, 4, 5, 6, 7, 1, 2])
    site = np.array([0, 0, 0, 9, 0, 0, -1, 9, 9])
    handset = np.array([0, 0, 0, 0, 0, 0, 0, 1, 1])
    found = find(handset, day, site, np.ones(9, dtype=np.int64))
    assert found.site.tolist() == [0, 9]
    assert (found.first.tolist(), found.last.tolist()) == ([1, 1], [6, 2])
    assert found.of_rows(handset, day).tolist() == [0, 0, 0, 0, 0, 0, -1, 1, 1]


def test_models_are_learnt_from_other_seized_handsets_never_from_oneself():
    seized = pa.table({"imei14": [99_999_999_000_000, 99_999_999_000_500], "model": ["", ""]})
    alone = pa.table({"imei14": [99_999_999_000_000], "model": [""]})
    asked = np.array([99_999_999_000_000, 99_999_999_400_000, 99_999_998_000_000])
    assert model_levels(asked, seized).tolist() == [0, 1, 3]
    assert model_levels(asked[:1], alone).tolist() == [3]


def test_an_end_near_a_search_and_a_move_on_a_transfers_day():
    searches = pa.table({"prison": ["P"], "found_us": [10 * DAY]})
    ended = ended_at_search(
        np.array(["P", "P", "Q"]), np.array([10 * DAY - 5 * HOUR, 5 * DAY, 10 * DAY]), searches
    )
    assert ended.tolist() == [True, False, False]
    transfers = pa.table({"from_prison": ["P"], "to_prison": ["Q"], "day": [12]})
    assert on_transfer([("P", "Q", 11, 12), ("Q", "P", 11, 12), ("P", "Q", 2, 4)], transfers).tolist() == [
        True, False, False,
    ]  # fmt: skip


def test_only_what_was_asked_for_can_show_absence():
    cells = CellList.of(rows(RADIO_CELLS, *NEAR))
    prisons = rows(PRISONS, PRISON)
    met = reach(prisons, cells)
    wide = {
        "request": "W",
        "kind": "wide_area",
        "radio_cells": [1, 2, 3, 4],
        "from_us": 3 * DAY,
        "to_us": 5 * DAY,
    }
    own = {"request": "C", "kind": "radio_cells", "radio_cells": [4, 1], "from_us": 0, "to_us": 9 * DAY}
    single = {
        "request": "H",
        "kind": "handsets",
        "imeis": [95_000_000_000_001],
        "from_us": 7 * DAY,
        "to_us": 8 * DAY,
    }
    shown = from_requests(rows(REQUESTS, wide, own, single), met, np.array([0]))
    day = np.array([2, 3, 5, 6, 7])
    assert shown.shown(np.zeros(5, dtype=np.int64), np.full(5, 8), day).tolist() == [
        False,
        True,
        True,
        False,
        False,
    ]
    one = shown.shown(np.zeros(5, dtype=np.int64), np.full(5, 95_000_000_000_001), day)
    assert one.tolist() == [False, True, True, False, True]
    asked = asked_for(rows(REQUESTS, wide, own), prisons, cells)
    assert asked[1].tolist() == [1, 4]


def test_without_requests_the_records_tell_what_they_show():
    site, day = np.zeros(4, dtype=np.int64), np.array([1, 1, 2, 2])
    shown = from_records(site, day, np.array([False, True, False, False]), np.array([5, 5, 9, 1]))
    assert shown.shown(site, site, day).tolist() == [True, True, False, False]


def test_counts_bear_an_interval_that_holds_the_expected_number():
    prison, bits = np.zeros(40, dtype=np.int64), np.zeros(40)
    there = Placed(np.arange(40), prison, np.zeros(40, dtype=bool), np.array([12.0, 0.0]))
    belief = believed(there, bits)
    table = counts(["P", "Q"], prison, np.full(40, 0.5), belief).to_pylist()
    assert table[0]["low"] < table[0]["expected"] == 20.0 < table[0]["high"]
    assert table[1]["expected"] == 0.0
    assert table[1]["candidates"] == 0


def test_every_level_has_a_share_and_a_weight():
    fitted = default().plain
    for kind, table, bits in zip(kinds(), fitted.tables, fitted.levels, strict=True):
        assert table.shape == (2, len(kind.levels))
        assert bits.shape == (len(kind.levels),)
        assert table.sum(axis=1) == pytest.approx(1.0, abs=1e-4)


def test_parameters_read_back_what_they_wrote_and_nothing_else(tmp_path):
    assert Parameters.from_json(default().to_json()).to_json() == default().to_json()
    assert Parameters.from_json(expected().to_json()).source == "nothing"
    with pytest.raises(InputError, match="give a file that `learn` wrote"):
        Parameters.from_json("{}")
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "none.json")
