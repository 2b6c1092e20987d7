"""Each knob acts on every kind of evidence, and the more it is turned the more."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from parloir.simulation import Summary, write_nation
from parloir.trials import Truth

TINY = {
    "prisons": "3",
    "inmates": "1500",
    "days": "4",
    "residents_per_inmate": "1",
    "passers_per_inmate_day": "1",
}
Worlds = Callable[[str, str], Summary]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    home, made = tmp_path_factory.mktemp("knobs"), {}

    def world(knob: str, value: str) -> Summary:
        name = f"{knob}-{value}"
        if name not in made:
            made[name] = write_nation("demo", 4, home / name, {**TINY, knob: value})
        return made[name]

    return world


def lines(world: Summary, name: str) -> list[bytes]:
    """All lines of the files with a name, in order of path; UTF-16 and the others alike as bytes."""
    return [
        line
        for path in sorted(world.evidence.rglob(name))
        for line in path.read_bytes().replace(b"\x00", b"").splitlines()
    ]


def reported(world: Summary) -> list[str]:
    """The IMEIs of the search reports, empty where none was read."""
    text = (world.evidence / "searches" / "seizures.csv").read_bytes().decode("cp1252")
    return [row["IMEI"] for row in csv.DictReader(text.splitlines(), delimiter=";")]


def sold(world: Summary) -> tuple[list[str], list[str]]:
    """Of the shop's addresses: the rows, and the numbers that customers gave, empty where they gave none."""
    text = (world.evidence / "shop" / "boutique.sql").read_text(encoding="utf-8")
    table = text.split("INSERT INTO `ps_address` VALUES ")[1].split(";\n")[0]
    return table.split("),("), re.findall(r"'\d{5}','[^']*','','','([^']*)'", table)


def changed(world: Summary, still: Summary, name: str) -> float:
    """Share of lines that are not those of the still world, row by row."""
    one, other = lines(world, name), lines(still, name)
    assert len(one) == len(other) > 50
    return float(np.mean([a != b for a, b in zip(one, other, strict=True)]))


def records(world: Summary) -> dict[str, float]:
    """How many records, their share of blank IMEIs and of doubled rows."""
    rows = blank = doubled = 0
    for path in sorted((world.evidence / "network").glob("R-*.parquet")):
        table = pq.read_table(path, columns=["imei14", "imsi", "started_us", "correspondent", "radio_cell"])
        rows, blank = rows + table.num_rows, blank + table["imei14"].null_count
        seen = table.select(["imsi", "started_us", "correspondent", "radio_cell"])
        doubled += table.num_rows - seen.group_by(seen.column_names).aggregate([]).num_rows
    return {"rows": rows, "blank": blank / rows, "doubled": doubled / rows}


@pytest.mark.parametrize(
    "name", ["visitors.csv", "inmates.csv", "approved_contacts.csv", "official_calls.csv"]
)
def test_noise_acts_on_registers_and_on_the_prisons_clock(worlds: Worlds, name: str) -> None:
    still = worlds("noise", "0")
    assert 0 < changed(worlds("noise", "1"), still, name) < changed(worlds("noise", "3"), still, name)


def test_noise_acts_on_the_shop(worlds: Worlds) -> None:
    still, quiet, loud = (sold(worlds("noise", value))[0] for value in ("0", "1", "3"))
    assert len(still) == len(quiet) == len(loud) > 50
    wrong = [sum(a != b for a, b in zip(still, rows, strict=True)) for rows in (quiet, loud)]
    assert 0 < wrong[0] < wrong[1]


def test_noise_acts_on_search_reports(worlds: Worlds) -> None:
    wrong = []
    for value in ("0", "1", "3"):
        world = worlds("noise", value)
        true = {f"{imei:014d}" for row in Truth(world.truth).handsets for imei in row["imeis"]}
        wrong.append(sum(imei[:14] not in true for imei in reported(world) if imei))
    assert wrong[0] == 0
    assert wrong[0] < wrong[1] < wrong[2]


def test_noise_acts_on_network_records(worlds: Worlds) -> None:
    found = [records(worlds("noise", value))["doubled"] for value in ("0", "1", "3")]
    assert found[0] < found[1] < found[2]


def test_noise_spreads_the_radio(worlds: Worlds) -> None:
    cells = []
    for value in ("0", "1", "3"):
        paths = (worlds("noise", value).evidence / "network").glob("R-*.parquet")
        shares = []
        for path in paths:
            counts = pq.read_table(path, columns=["radio_cell"])["radio_cell"].value_counts()
            share = counts.field("counts").to_numpy() / len(counts.field("counts"))
            shares.append(np.square(share / share.sum()).sum())
        cells.append(float(np.mean(shares)))
    assert cells[0] > cells[2]


@pytest.mark.parametrize(
    "name", ["absences.csv", "approved_contacts.csv", "visits.csv", "official_calls.csv"]
)
def test_missingness_takes_rows_from_registers(worlds: Worlds, name: str) -> None:
    counts = [len(lines(worlds("missingness", value), name)) for value in ("0", "1", "3")]
    assert counts[0] > counts[1] > counts[2]


def test_missingness_takes_numbers_from_visitors_and_customers(worlds: Worlds) -> None:
    def told(value: str) -> tuple[int, int]:
        world = worlds("missingness", value)
        visitors = sum(
            any(char in line for char in (b"+33", b"00336", b"07")) for line in lines(world, "visitors.csv")
        )
        return visitors, sum(number != "" for number in sold(world)[1])

    none, some, much = told("0"), told("1"), told("3")
    assert none[0] > some[0] > much[0]
    assert none[1] > some[1] > much[1]


def test_missingness_acts_on_search_reports_and_records(worlds: Worlds) -> None:
    found = [records(worlds("missingness", value)) for value in ("0", "1", "3")]
    assert found[0]["blank"] < found[1]["blank"] < found[2]["blank"]
    assert found[0]["rows"] > found[2]["rows"]
    read = [sum(imei != "" for imei in reported(worlds("missingness", value))) for value in ("0", "1", "3")]
    assert read[0] > read[1] > read[2]


def test_prevalence_acts_on_handsets_records_searches_and_shop(worlds: Worlds) -> None:
    few, some, many = (worlds("prevalence", value) for value in ("0.05", "0.1", "0.2"))
    assert few.handsets < some.handsets < many.handsets
    assert few.inside_records < some.inside_records < many.inside_records
    for sizes in (
        [len(lines(world, "seizures.csv")) for world in (few, some, many)],
        [len(lines(world, "imei_list.csv")) for world in (few, some, many)],
        [len(sold(world)[0]) for world in (few, some, many)],
    ):
        assert sizes[0] < sizes[1] < sizes[2]


def test_an_independent_world_has_no_calls_between_handsets(tmp_path: Path) -> None:
    def between(world: Summary) -> int:
        numbers = Truth(world.truth).table("sims")["number"].to_numpy()
        found = 0
        for path in sorted((world.evidence / "network").glob("R-*.parquet")):
            table = pq.read_table(path, columns=["number", "correspondent"])
            own, other = (np.isin(table[name].to_numpy(), numbers) for name in table.column_names)
            found += int((own & other).sum())
        return found

    crowded = {**TINY, "prevalence": "0.4"}
    together, apart = (
        write_nation("demo", 4, tmp_path / value, {**crowded, "dependent": value}) for value in ("1", "0")
    )
    assert between(together) > 10
    # A stranger may have drawn the number of a contraband SIM by chance.
    assert between(apart) < 0.2 * between(together)
