"""Whom a handset talks to: an inmate's people, counted for one inmate, beside how often others know them."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from parloir import presence
from parloir.presence.people import OWN, most_met, weigh_levels
from parloir.presence.posterior import Placed

from .conftest import connect


@pytest.fixture(scope="module")
def talked(world):
    """For each handset inside the prison where it is and its three numbers talked to most."""
    records = world.tables["network_records"].to_pandas()
    records = records[records["correspondent"] > 0]
    counts = records.groupby("imei14")["correspondent"].value_counts()
    return {
        imei: (prison, counts[imei].index[:3].tolist())
        for imei, prison in world.inside.items()
        if imei in counts.index.get_level_values(0)
    }


def people(rows: list[tuple[str, str, int]]) -> pa.Table:
    prison, inmate, number = zip(*rows, strict=True)
    return pa.table({"prison": prison, "inmate": inmate, "number": pa.array(number, pa.int64())})


@pytest.fixture(scope="module")
def known(talked):
    """A register: of every second handset inside, three numbers are those of somebody's people there."""
    return people(
        [
            (prison, f"I{imei}", number)
            for imei, (prison, numbers) in sorted(talked.items())[::2]
            for number in numbers
        ]
    )


@pytest.fixture(scope="module")
def before(world):
    return presence.weigh(connect(world))


@pytest.fixture(scope="module")
def after(world, known):
    return presence.weigh(connect(world), people=known)


def chances(found: presence.Presence, world, imeis: list[int]) -> np.ndarray:
    rows = found.candidates.to_pylist()
    of = {r["imei14"]: r["probability"] for r in rows if world.inside.get(r["imei14"]) == r["prison"]}
    return np.array([of[imei] for imei in imeis if imei in of])


def test_handsets_that_call_an_inmates_people_are_likelier_inside(world, talked, before, after):
    told = sorted(talked)[::2]
    assert (chances(after, world, told) >= chances(before, world, told)).all()
    assert chances(after, world, told).mean() > chances(before, world, told).mean()


def test_the_bars_add_up_and_one_says_whose_people_are_called(after):
    findings = [row for row in after.findings.to_pylist() if row["proposition"] == "inside"]
    assert any(
        row["evidence_kind"] == "people" and row["millibits"] > 3000 and "in touch with 3" in row["sentence"]
        for row in findings
    )
    row = after.inside.to_pylist()[0]
    about = (f"handset:{row['handset']}", f"prison:{row['prison']}", row["from_us"])
    bars = [f["millibits"] for f in findings if (f["subject"], f["object"], f["from_us"]) == about]
    assert sum(bars) == pytest.approx(row["millibits"], abs=len(bars))


def test_without_registers_nothing_is_said_of_it(before):
    assert not any(row["evidence_kind"] == "people" for row in before.findings.to_pylist())
    assert not any(before.candidates["people"].to_pylist())


def test_whoever_uses_a_number_of_an_inmates_people_is_told_apart(world, talked, known):
    records = world.tables["network_records"]
    (imei, (prison, _)), number = sorted(talked.items())[0], known["number"][-1].as_py()
    own = pa.array([number if one == imei else None for one in records["imei14"].to_pylist()], pa.int64())
    place = records.column_names.index("number")
    tables = {**world.tables, "network_records": records.set_column(place, "number", own)}
    found = presence.weigh(connect(type(world)(tables, world.inside)), people=known)
    levels = {
        row["evidence_kind"]: row
        for row in found.findings.to_pylist()
        if row["subject"] == f"handset:{imei}" and row["object"] == f"prison:{prison}"
    }
    assert levels["people"]["level"] == "its own number is that of an inmate's people"
    assert levels["people"]["sentence"].startswith("Its own number is registered")


def little(handset: list[int], number: list[int], prison: list[int], handsets: int):
    return SimpleNamespace(
        candidates=SimpleNamespace(stint=np.arange(handsets), prison=np.array(prison)),
        stints=SimpleNamespace(handset=np.arange(handsets)),
        handsets=SimpleNamespace(names=[str(one) for one in range(handsets)]),
        correspondents=SimpleNamespace(handset=np.array(handset), number=np.array(number)),
        prison_names=["P1", "P2"],
    )


def test_numbers_are_counted_for_one_inmate_of_that_prison_each_once():
    register = people([("P1", "A", 11), ("P1", "A", 12), ("P1", "B", 13), ("P2", "C", 14), ("P2", "C", 11)])
    seen = little([0, 0, 0, 0, 1, 2], [11, 11, 12, 13, 14, 14], [0, 1, 0], 3)
    assert most_met(seen, register).tolist() == [2, 1, 0]


def test_a_number_that_everybody_talks_to_is_nobodys():
    register = people([("P1", "A", 11), ("P1", "A", 12)])
    seen = little([*range(20), 0], [11] * 20 + [12], [0] * 20, 20)
    assert most_met(seen, register).tolist() == [1] + [0] * 19


def weighed(level: np.ndarray, own: np.ndarray) -> np.ndarray:
    n = level.size
    there = Placed(np.arange(n), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool), np.array([20.0]))
    return weigh_levels((level, np.full(n, 1)), there, own)


def test_where_relatives_live_near_two_of_an_inmates_people_say_less():
    inside, others = np.full(20, 12.0), np.full(2000, -6.0)
    own = np.concatenate([inside, others])
    level = np.concatenate([np.repeat([0, 2], 10), np.zeros(2000, dtype=np.int64)])
    alone = weighed(level, own)
    level[20:220] = 2
    among_many = weighed(level, own)
    assert alone[10] > 5
    assert 0 < among_many[10] < alone[10] - 2
    assert alone[0] < 0


def test_nobody_met_is_weak_and_an_unseen_one_says_nothing():
    level = np.array([0] * 300 + [-1] + [3] * 5)
    found = weighed(level, np.concatenate([np.full(301, -5.0), np.full(5, 8.0)]))
    assert found[300] == 0
    assert -3 < found[0] < 0
    assert found[-1] > 3


def test_whoever_uses_a_number_of_an_inmates_people_is_likelier_a_relative_than_inside():
    level = np.array([0] * 980 + [OWN] * 20)
    found = weighed(level, np.concatenate([np.full(20, 9.0), np.full(980, -5.0)]))
    assert found[-1] < -1
