"""No truth leaks through identifiers, order, file names or missing values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from parloir.simulation import Summary, write_nation
from parloir.simulation.models import models
from parloir.simulation.nation import World
from parloir.trials import Truth
from tests.simulation.leaks import auc, digits

MINIS = [tac for kind, tacs in zip(models().kind, models().tacs, strict=True) if kind == 0 for tac in tacs]


def test_inmates_numbers_and_order_do_not_tell_who_holds(people: World) -> None:
    world = people.population
    holds = np.zeros(world.inmates, dtype=bool)
    holds[people.uses.inmate] = True
    features = np.column_stack([digits(world.inmate_code), np.arange(world.inmates)])
    assert abs(auc(features, holds) - 0.5) < 0.03


def test_permits_and_numbers_do_not_tell_who_buys(people: World) -> None:
    society = people.society
    buys = np.zeros(society.people.count, dtype=bool)
    buys[people.buyers.person[people.buyers.person >= 0]] = True
    called = np.zeros(society.people.count, dtype=bool)
    called[society.ties.person[society.ties.called]] = True
    assert abs(auc(digits(society.people.number), called) - 0.5) < 0.03


def test_records_order_and_codes_do_not_tell_contraband(tmp_path: Path) -> None:
    # More contraband than anywhere, so that a small leak shows.
    size = {"prisons": "2", "inmates": "1500", "days": "4", "prevalence": "0.7", "residents_per_inmate": "6"}
    world = write_nation("demo", 12, tmp_path / "world", size)
    inside = np.array(sorted(Truth(world.truth).handset_of))
    rows, outcome = [], []
    for path in sorted((world.evidence / "network").glob("R-*.parquet")):
        table = pq.read_table(path, columns=["imei14", "imsi", "number"])
        table = table.append_column("place", pa.array(np.arange(table.num_rows) / table.num_rows))
        table = table.filter(table["imei14"].is_valid())
        imei, first = np.unique(table["imei14"].to_numpy(), return_index=True)
        imei, first = imei[~np.isin(imei // 1_000_000, MINIS)], first[~np.isin(imei // 1_000_000, MINIS)]
        place, imsi, number = (table[name].to_numpy()[first] for name in ("place", "imsi", "number"))
        # The operator in an IMSI, the type code in an IMEI and the minis' runs of serials are evidence; the
        # rest is not.
        codes = [digits(imsi % 10**10), digits(number), digits(imei % 1_000_000)]
        rows.append(np.column_stack([place, *codes]))
        outcome.append(np.isin(imei, inside))
    features, true = np.concatenate(rows), np.concatenate(outcome)
    assert true.sum() > 400
    assert abs(np.mean([auc(features, true, seed) for seed in range(3)]) - 0.5) < 0.03


def test_file_names_are_of_prisons_and_tables_only(evidence: Path) -> None:
    names = {path.stem.split("-")[0] for path in evidence.rglob("*") if path.is_file()}
    assert names <= {
        "H",
        "S",
        "R",
        "W",
        "radio_cells_1",
        "radio_cells_2",
        "radio_cells_3",
        "requests",
        "absences",
        "approved_contacts",
        "inmates",
        "official_calls",
        "prison_cells",
        "prisons",
        "stays",
        "visitors",
        "visits",
        "protected",
        "seizures",
        "boutique",
        "imei_list",
        "manifest",
    }


def test_missing_imeis_fall_on_everybody_alike(demo: Summary) -> None:
    inside = {row["imsi"] for row in Truth(demo.truth).table("sims").to_pylist()}
    blank: dict[bool, list[float]] = {True: [], False: []}
    for path in sorted((demo.evidence / "network").glob("R-*.parquet")):
        table = pq.read_table(path, columns=["imei14", "imsi"])
        missing = table["imei14"].is_null().to_numpy()
        contraband = np.isin(table["imsi"].to_numpy(), list(inside))
        for side in (True, False):
            blank[side] += missing[contraband == side].tolist()
    assert abs(np.mean(blank[True]) - np.mean(blank[False])) < 0.004
