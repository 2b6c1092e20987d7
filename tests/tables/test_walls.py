from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from parloir.tables import TABLES
from parloir.tables.files import write_table
from parloir.tables.store import Store
from parloir.tables.walls import Wall

NUMBER, OTHER = 33199001018, 33639980001
REGISTER = [
    {"category": "lawyer", "family_name": "Bétachard", "given_name": "Sandrine", "number": NUMBER},
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


@pytest.mark.parametrize(("name", "row"), HIDDEN)
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
