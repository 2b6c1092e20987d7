from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parloir.tables import TABLES
from parloir.tables.files import write_table
from parloir.tables.store import Store
from parloir.tables.walls import Wall

NUMBER, OTHER = 33199001018, 33639980001
BORN, OTHER_DAY = date(1971, 2, 3), date(1980, 1, 1)
LAWYER = {"family_name": "Bétachard", "given_name": "Sandrine"}
REGISTER = [
    {"category": "lawyer", **LAWYER, "number": NUMBER},
    {"category": "doctor", "family_name": "Kergoat", "given_name": "Aude", "birth_date": BORN},
    {"category": "press", "family_name": "Brunier", "email": "redaction@example.test"},
    {"category": "doctor", "family_name": "محمد", "given_name": "علي"},
]
HIDDEN = [
    ("network_records", {"number": NUMBER}),
    ("network_records", {"correspondent": NUMBER}),
    ("official_calls", {"number": NUMBER}),
    ("approved_contacts", {"number": NUMBER}),
    ("approved_contacts", {"family_name": "BETACHARD", "given_name": "sandrine"}),
    ("handset_contents", {"number": NUMBER}),
    ("persons", {"numbers": [OTHER, NUMBER]}),
    ("persons", {"email": "Redaction@example.test"}),
    ("visitors", {"numbers": [NUMBER]}),
    ("visitors", {"family_name": "محمد", "given_name": "علي"}),
    ("payments", {"payer_email": "redaction@example.test"}),
    ("payments", {"payer_name": "Bétachard, Sandrine"}),
    ("shipments", {"recipient": "SANDRINE BETACHARD"}),
    ("messages", {"email": "redaction@example.test"}),
]
BY_NAME = [
    ("approved_contacts", LAWYER),
    ("approved_contacts", {**LAWYER, "relation": "autre"}),
    ("visitors", {**LAWYER, "birth_date": OTHER_DAY}),  # the register knows no date for her
    ("persons", {"family_name": "Kergoat", "given_name": "Aude", "numbers": [OTHER]}),
    ("payments", {"payer_name": "Sandrine Bétachard"}),
]
AGREEING = [
    ("visitors", {**LAWYER, "numbers": [OTHER], "relation": "Avocate"}),
    ("approved_contacts", {**LAWYER, "number": OTHER, "relation": "legal counsel"}),
    ("visitors", {"family_name": "Kergoat", "given_name": "Aude", "birth_date": BORN, "relation": "sœur"}),
]
NAMESAKES = [
    ("visitors", {**LAWYER, "relation": "sœur"}),
    ("visitors", {**LAWYER, "numbers": [OTHER]}),
    ("approved_contacts", {**LAWYER, "number": OTHER}),
    ("persons", {"family_name": "Kergoat", "given_name": "Aude", "birth_date": OTHER_DAY}),
]
SHOWN = [
    ("network_records", {"number": OTHER, "correspondent": OTHER}),
    ("network_records", {}),
    ("persons", {"numbers": [OTHER], "email": "a@example.test"}),
    ("persons", {"family_name": "Brunier", "given_name": "Yasmina"}),
    ("visitors", {"family_name": "Bétachard"}),
    ("payments", {"payer_name": "!?"}),
    ("inmates", {"family_name": "Bétachard", "given_name": "Sandrine"}),
    ("requests", {"numbers": [NUMBER]}),
]


def _put(folder: Path, name: str, *rows: dict[str, object]) -> Path:
    folder.mkdir(exist_ok=True)
    batch = TABLES[name].batch({"evidence": folder.name, **row} for row in rows)
    write_table(folder / f"{name}.parquet", pa.Table.from_batches([batch]))
    return folder


def _count(store: Store, name: str) -> int:
    return int(store.connect().execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])


@pytest.mark.parametrize(("name", "row"), HIDDEN + BY_NAME + AGREEING)
def test_what_the_register_names_is_in_no_view(tmp_path, name, row):
    register, folder = _put(tmp_path / "r", "protected", *REGISTER), _put(tmp_path / "e", name, row)
    assert _count(Store.of([folder]), name) == 1
    assert _count(Store.of([folder, register]), name) == 0
    assert _count(Store.of([folder], beside=[register]), name) == 0
    assert Store.of([folder, register]).walled() == {name: 1}


@pytest.mark.parametrize(("name", "row"), SHOWN)
def test_all_else_is_shown(tmp_path, name, row):
    store = Store.of([_put(tmp_path / "e", name, row), _put(tmp_path / "r", "protected", *REGISTER)])
    assert _count(store, name) == 1
    assert store.walled() == {}


@pytest.mark.parametrize(
    ("name", "row", "alone"),
    [(*one, True) for one in BY_NAME] + [(*one, False) for one in AGREEING],
)
def test_rows_hidden_for_the_name_alone_are_counted_apart(tmp_path, name, row, alone):
    store = Store.of([_put(tmp_path / "e", name, row), _put(tmp_path / "r", "protected", *REGISTER)])
    assert store.walled_by_name() == ({name: 1} if alone else {})
    assert store.namesakes() == {}


@pytest.mark.parametrize(("name", "row"), NAMESAKES)
def test_a_namesake_whom_another_fact_tells_apart_is_shown_and_counted(tmp_path, name, row):
    register, folder = _put(tmp_path / "r", "protected", *REGISTER), _put(tmp_path / "e", name, row)
    store = Store.of([folder, register])
    assert _count(store, name) == 1
    assert (store.walled(), store.namesakes()) == ({}, {name: 1})
    assert Store.of([folder, register], lifted=["e"]).namesakes() == {}


def test_a_register_of_an_earlier_version_knows_no_dates_of_birth(tmp_path):
    register = _put(tmp_path / "r", "protected", *REGISTER)
    path = register / "protected.parquet"
    write_table(path, pq.read_table(path).drop_columns(["birth_date"]))
    row = {"family_name": "Kergoat", "given_name": "Aude", "birth_date": OTHER_DAY}
    store = Store.of([_put(tmp_path / "e", "persons", row), register])
    assert (_count(store, "persons"), store.walled_by_name()) == (0, {"persons": 1})


def test_the_wall_is_lifted_for_single_files_only(tmp_path):
    rows = [_put(tmp_path / one, "visitors", {"numbers": [NUMBER]}) for one in ("a", "b")]
    store = Store.of([*rows, _put(tmp_path / "r", "protected", *REGISTER)], lifted=["b"])
    assert store.connect().execute("SELECT evidence FROM visitors").fetchall() == [("b",)]
    assert store.walled() == {"visitors": 1}


def test_every_table_with_a_number_address_or_name_is_thought_of():
    telling = {"number", "correspondent", "numbers", "email", "payer_email", "family_name", "payer_name"}
    wall = Wall((Path("protected.parquet"),))
    hidden = {name for name, table in TABLES.items() if wall.hidden(table)}
    named = {name for name, table in TABLES.items() if telling & {c.name for c in table.own}}
    assert named - hidden == {"protected", "requests", "inmates"}
