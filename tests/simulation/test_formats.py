"""Every file is read by the readers, row for row, without a warning."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from parloir import readers
from parloir.readers import Doubts, Options, Rows, Tally
from parloir.simulation import Summary
from parloir.simulation.names import document
from parloir.vault import Vault


@pytest.fixture(scope="module")
def read(demo: Summary, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, object]]]:
    """All rows but those of network records, by table; the counts under `in`, `out` and `warnings`."""
    vault = Vault(tmp_path_factory.mktemp("vault"))
    rows: dict[str, list[dict[str, object]]] = {}
    counts: Counter[str] = Counter()
    for path in sorted(demo.evidence.rglob("*")):
        if path.is_file() and path.name != "manifest.toml":
            _read(vault, path, rows, counts)
    rows["counts"] = [dict(counts)]
    return rows


def _read(vault: Vault, path: Path, rows: dict[str, list[dict[str, object]]], counts: Counter[str]) -> None:
    (member,) = vault.members(vault.seal(path).sha256, path.name)
    reader = readers.by_format(readers.recognise(member).format)
    counts[f"format {reader.format}"] += 1
    for part in reader.read(member, Options()):
        if isinstance(part, Rows):
            counts["out"] += part.batch.num_rows if part.primary else 0
            counts[part.table] += part.batch.num_rows
            if part.table != "network_records":
                rows.setdefault(part.table, []).extend(part.batch.to_pylist())
        elif isinstance(part, Doubts):
            counts["warnings"] += sum(row["severity"] == "warning" for row in part.batch.to_pylist())
        elif isinstance(part, Tally):
            counts["in"] += sum(part.rows_in.values())


def test_rows_in_are_rows_out(read: dict[str, list[dict[str, object]]]) -> None:
    counts = read["counts"][0]
    assert counts["in"] == counts["out"]
    assert counts.get("warnings", 0) == 0


def test_every_format_is_there(read: dict[str, list[dict[str, object]]]) -> None:
    formats = {name.removeprefix("format ") for name in read["counts"][0] if name.startswith("format ")}
    assert {
        "prestashop",
        "etsi_102657",
        "parquet",
        "seizures",
        "stock",
        "requests",
        "radio_cells",
    } <= formats


def test_registers_keep_their_meaning(read: dict[str, list[dict[str, object]]]) -> None:
    inmates = {row["inmate"] for row in read["inmates"]}
    assert {row["inmate"] for row in read["stays"]} <= inmates
    assert {row["inmate"] for row in read["visits"]} <= inmates
    visitors = {row["visitor"] for row in read["visitors"]}
    assert sum(row["visitor"] in visitors for row in read["visits"]) > 0.9 * len(read["visits"])
    cells = {(row["prison"], row["prison_cell"]) for row in read["prison_cells"]}
    assert {(row["prison"], row["prison_cell"]) for row in read["stays"]} <= cells
    assert {row["reason"] for row in read["absences"]} == {"court", "hospital", "disciplinary", "leave"}
    assert all(row["number"] for row in read["approved_contacts"])


def test_searches_that_found_nothing_are_rows(read: dict[str, list[dict[str, object]]]) -> None:
    items = Counter(row["item"] for row in read["seizures"])
    assert items["nothing"] > 0.5 * items["handset"] > 0
    assert {"sim", "cash", "accessory"} <= set(items)
    assert any(row["imeis"] for row in read["seizures"] if row["item"] == "handset")


def test_hostile_strings_arrive_whole(read: dict[str, list[dict[str, object]]]) -> None:
    texts = {row["text"] for row in read["messages"]}
    assert set(document()["hostile"]) <= texts


def test_requests_name_what_was_asked_for(read: dict[str, list[dict[str, object]]]) -> None:
    kinds = Counter(row["kind"] for row in read["requests"])
    assert kinds["radio_cells"] == 3 * 3
    known = {row["radio_cell"] for row in read["radio_cells"]}
    asked = {cell for row in read["requests"] for cell in row["radio_cells"] or []}  # type: ignore[attr-defined]
    assert asked
    assert asked <= known
