from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import average_precision_score

from parloir import presence
from parloir.presence.engines import duckdb_engine
from parloir.presence.hearing import hear
from parloir.presence.parameters import default, expected
from parloir.presence.plain import known_there
from parloir.presence.plain import seen as levels_of
from parloir.presence.plain_fitting import Known, known_inside, learn
from parloir.presence.scene import scene
from parloir.weights.logistic import calibrate
from parloir.weights.metrics import cllr, cllr_min, ece

from .conftest import connect
from .world import DAY_US, START, Setting, World, make


@pytest.fixture(scope="module")
def found(world):
    return presence.weigh(connect(world))


@pytest.fixture(scope="module")
def fitting():
    return make(Setting(seed=31, prisons=4, inside=14))


def truths(found: presence.Presence, world: World) -> np.ndarray:
    pairs = zip(found.candidates["imei14"].to_pylist(), found.candidates["prison"].to_pylist(), strict=True)
    return np.array([world.inside.get(imei) == prison for imei, prison in pairs])


def precision(found: presence.Presence, world: World) -> float:
    return float(average_precision_score(truths(found, world), found.candidates["millibits"].to_numpy()))


def test_handsets_inside_are_told_from_neighbours_staff_visitors_and_modems(found, world):
    assert precision(found, world) > 0.95
    # parameters are from another country: probabilities are too low, never too high
    assert ece(found.candidates["probability"].to_numpy(), truths(found, world)).ece < 0.05


def test_the_counts_intervals_cover_where_parameters_come_from_such_prisons(fitting, world):
    found = presence.weigh(connect(world), fitted(fitting))
    met = {prison: list(world.inside.values()).count(prison) for prison in world.inside.values()}
    for row in found.counts.to_pylist():
        assert row["low"] <= met[row["prison"]] <= row["high"]
        assert row["high"] - row["low"] < met[row["prison"]]


def test_the_bars_of_a_handset_add_up_to_its_weight(found):
    row = found.inside.to_pylist()[0]
    bars = [
        finding["millibits"]
        for finding in found.findings.to_pylist()
        if finding["proposition"] == "inside"
        and finding["subject"] == f"handset:{row['handset']}"
        and finding["object"] == f"prison:{row['prison']}"
    ]
    assert sum(bars) == pytest.approx(row["millibits"], abs=len(bars))
    assert min(bars) < 0 < max(bars)


def test_findings_say_both_sides_and_name_their_rows(found, world):
    rows = found.findings.to_pylist()
    assert all(row["sentence"].endswith(".") for row in rows)
    against = "times as probable for another device in reach of its radio cells as for a handset used in"
    assert any(against in row["sentence"] for row in rows)
    handset, numbers = rows[0]["subject"].partition(":")[2], set()
    for locator in rows[0]["locators"]:
        numbers.add(int(locator.rpartition("#")[2]))
    records = world.tables["network_records"]
    own = records.filter(pa.compute.equal(records["imei14"], int(handset)))
    assert numbers <= set(own["source_row"].to_pylist())
    assert 1 <= len(rows[0]["locators"]) <= 21


def test_devices_that_are_probably_not_inside_reach_no_finding(found):
    named = {row["subject"] for row in found.findings.to_pylist()}
    chance = found.candidates["probability"].to_numpy()
    handset = found.candidates["handset"].to_numpy()
    improbable = set(handset[chance < 0.01].tolist()) - set(handset[chance >= 0.01].tolist())
    assert improbable
    assert not named & {f"handset:{number}" for number in improbable}


def test_the_same_tables_give_the_same_findings(found, world):
    again = presence.weigh(connect(world))
    assert again.findings.equals(found.findings)
    assert again.candidates.equals(found.candidates)


def test_no_records_give_no_findings(world):
    empty = World({**world.tables, "network_records": world.tables["network_records"].slice(0, 0)}, {})
    nothing = presence.weigh(connect(empty))
    assert nothing.findings.num_rows == nothing.inside.num_rows == nothing.candidates.num_rows == 0
    assert nothing.counts["expected"].to_pylist() == [0.0, 0.0, 0.0]


def test_fewer_records_score_worse(world):
    records = world.tables["network_records"]
    scores = []
    for kept in (1.0, 0.3, 0.08):
        rows = np.random.default_rng(5).random(records.num_rows) < kept
        thinned = World({**world.tables, "network_records": records.filter(pa.array(rows))}, world.inside)
        found = presence.weigh(connect(thinned))
        true = truths(found, thinned)
        scores.append(precision(found, thinned) * true.sum() / len(world.inside))
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 0.9


def test_without_signal_weights_are_near_nothing_and_the_cost_is_one():
    *fitting, other = (
        make(Setting(seed=seed, prisons=4, inside=14, signal=False)) for seed in (21, 23, 24, 22)
    )
    parameters = fitted(*fitting)
    connection = connect(other)
    with duckdb_engine(connection) as engine:
        seen = scene(connection, engine, parameters.dwell)
    bits = hear(levels_of(seen), seen.candidates, parameters.plain).bits
    true = known_inside(seen, labels(other))
    assert cllr(bits[true], bits[~true]) == pytest.approx(1.0, abs=0.08)
    assert cllr_min(bits[true], bits[~true]) > 0.9


def test_what_is_fitted_on_some_prisons_is_calibrated_on_others(fitting):
    other = make(Setting(seed=32, prisons=4, inside=14))
    parameters = fitted(fitting)
    found = presence.weigh(connect(other), parameters)
    bits, true = found.candidates["millibits"].to_numpy() / 1000, truths(found, other)
    assert cllr(bits[true], bits[~true]) - cllr_min(bits[true], bits[~true]) < 0.03
    assert presence.Parameters.from_json(parameters.to_json()).to_json() == parameters.to_json()


def test_a_seized_handset_teaches_its_run_and_ends_at_its_search(world):
    imei14, prison = next(iter(world.inside.items()))
    row = {
        "seizure": "S1",
        "search": "Q1",
        "prison": prison,
        "found_us": START + 40 * DAY_US,
        "item": "handset",
        "imeis": [imei14],
        "model": "L8star BM10",
        "evidence": "cd" * 32,
        "member": "",
        "source_table": "",
        "source_row": 1,
    }
    from parloir.tables import SEIZURES

    known = World({**world.tables, "seizures": pa.Table.from_batches([SEIZURES.batch([row])])}, world.inside)
    connection = connect(known)
    with duckdb_engine(connection) as engine:
        seen = scene(connection, engine, expected().dwell)
    anchors = seen.candidates.stint[known_there(seen)]
    assert seen.handsets.imei14[seen.stints.handset[anchors]].tolist() == [imei14]
    own = seen.handsets.imei14[seen.stints.handset] == imei14
    assert seen.single["model"][own].tolist() != [1]


def test_parameters_are_the_packages_own_unless_told(world):
    told = replace(default(), least_probability=0.9)
    strict = presence.weigh(connect(world), told)
    assert min(strict.inside["probability"].to_pylist()) >= 0.9


def labels(world: World) -> pa.Table:
    return pa.table({"imei14": list(world.inside), "prison": list(world.inside.values())})


def fitted(*worlds: World) -> presence.Parameters:
    known = []
    for world in worlds:
        connection = connect(world)
        with duckdb_engine(connection) as engine:
            known.append(Known.of(scene(connection, engine, expected().dwell), labels(world)))
    return learn(known)


def test_where_no_handset_is_inside_nearly_nobody_is_named():
    world = make(Setting(seed=5, prisons=3, inside=14))
    others = ~np.isin(world.tables["network_records"]["imei14"].to_numpy(), np.array(list(world.inside)))
    none = World({**world.tables, "network_records": world.tables["network_records"].filter(others)}, {})
    found = presence.weigh(connect(none))
    chance = found.candidates["probability"].to_numpy()
    assert chance.size > 300
    assert (chance >= 0.5).sum() <= 0.02 * chance.size


def test_permuted_labels_cost_one(found, world):
    bits = np.tile(found.candidates["millibits"].to_numpy() / 1000, 60)
    true = np.random.default_rng(8).permutation(np.tile(truths(found, world), 60))
    fitted_ = calibrate(bits, true).apply(bits)
    assert cllr(fitted_[true], fitted_[~true]) == pytest.approx(1.0, abs=0.02)
