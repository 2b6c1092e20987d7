from __future__ import annotations

from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from parloir.readers import columnar
from parloir.readers.attributes import Attributes
from parloir.readers.ips import addresses
from parloir.readers.lookup import Lookup
from parloir.readers.spill import Spill


def test_amounts_in_hundredths() -> None:
    texts = ["1.005000", "-2.50", "89.89", "100", "50.30000000", "x", "", None]
    assert columnar.cents(pa.array(texts)).to_pylist() == [101, -250, 8989, 10000, 5030, None, None, None]


def test_keys_of_nought_refer_to_nobody() -> None:
    assert columnar.key(pa.array(["1", "0", "x", None, "9" * 30])).to_pylist() == [1, None, None, None, None]
    assert columnar.record("customer", pa.array([1, None])).to_pylist() == ["customer:1", None]


def test_joining_leaves_no_row_out() -> None:
    first, second = pa.array(["a", None, None, ""]), pa.array(["b", "c", None, " "])
    assert columnar.joined([first, second], ", ").to_pylist() == ["a, b", "c", None, None]


@pytest.mark.parametrize(
    ("text", "us", "offset", "remark"),
    [
        ("2025-03-01 10:00:00", 1740819600000000, 60, None),
        ("2025-07-01 10:00:00", 1751356800000000, 120, None),
        ("1969-07-20 21:17:40", -14182940000000, 60, None),
        ("2025-10-26 02:30:00", 1761438600000000, 120, "twice"),
        ("2025-03-30 02:30:00", 1743298200000000, 120, "left out"),
        ("0000-00-00 00:00:00", None, None, None),
        ("", None, None, None),
        (None, None, None, None),
        ("soon", None, None, "no date"),
        ("0001-01-01 00:00:00", None, None, "no date"),
    ],
)
def test_local_times(text: str | None, us: int | None, offset: int | None, remark: str | None) -> None:
    found = columnar.moments(pa.array([text], pa.string()), ZoneInfo("Europe/Paris"))
    assert found.us.to_pylist() == [us]
    assert found.offset_min.to_pylist() == [offset]
    told = found.remark.to_pylist()[0]
    assert (told is None) if remark is None else (remark in told)


def test_lookup_takes_the_first_of_equal_keys() -> None:
    lookup = Lookup(pa.table({"id": ["3", "1", "3", "z"], "name": ["c", "a", "other", "z"]}), "id")
    assert lookup.find(pa.array([1, 2, 3, None]), "name").to_pylist() == ["a", None, "c", None]
    empty = Lookup(pa.table({"id": pa.array([], pa.string()), "name": pa.array([], pa.string())}), "id")
    assert empty.find(pa.array([1]), "name").to_pylist() == [None]


def test_addresses() -> None:
    texts = [
        "2130706433",
        "0",
        "-1",
        "192.0.2.1",
        "2001:DB8::5",
        "198.51.100.1, 192.0.2.1",
        "x",
        "99999999999",
        None,
    ]
    assert addresses(pa.array(texts)).to_pylist() == [
        "127.0.0.1",
        None,
        "255.255.255.255",
        "192.0.2.1",
        "2001:db8::5",
        "198.51.100.1",
        None,
        None,
        None,
    ]


def test_spilled_rows_come_back_and_can_be_rewritten() -> None:
    with Spill() as spill:
        spill.write("t", pa.table({"a": ["1", "2"]}))
        spill.write("t", pa.table({"a": ["3"]}))
        spill.rewrite("t", lambda batch: batch.append_column("b", batch.column("a")))
        assert spill.table("t", ("b",)).to_pydict() == {"b": ["1", "2", "3"]}
        assert spill.table("none", ("b",)).num_rows == 0


def test_attributes_beside_their_entities() -> None:
    rows = (("7", "k", "first"), ("7", "k", "second"), ("8", "other", "x"))
    columns = [pa.array([int(row[0]) for row in rows]), *(pa.array([row[n] for row in rows]) for n in (1, 2))]
    with Attributes() as attributes:
        attributes.write("post", [*columns, pa.array([1, 2, 3])])
        batch = pa.RecordBatch.from_pydict({"id": ["7", "8", "7"]})
        found = attributes.beside("post", batch, pa.array([7, 8, 7]), ("k",))
        assert found.column("k").to_pylist() == ["first", None, "first"]
        assert attributes.of("post", 8) == {"other": "x"}
        assert [number for *_, number in attributes.each("post")] == [1, 2, 3]
