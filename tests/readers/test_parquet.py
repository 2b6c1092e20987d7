import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.errors import DamagedFileError
from parloir.identifiers import radio_cell
from parloir.provenance import Locator
from parloir.readers.parquet import ParquetReader
from parloir.readers.reader import Doubts, Options, Rows, Tally


class Bytes:
    """A member in memory."""

    evidence, file_name, name = "cd" * 32, "records.parquet", ""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def open(self):
        return io.BytesIO(self.content)

    def head(self, size=65536):
        return self.content[:size]

    def locator(self, table, row):
        return Locator(self.evidence, self.name, table, row)


def written(**columns):
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return Bytes(out.getvalue())


def parts(member):
    found = list(ParquetReader().read(member, Options()))
    rows = [row for p in found if isinstance(p, Rows) for row in p.batch.to_pylist()]
    doubts = [row for p in found if isinstance(p, Doubts) for row in p.batch.to_pylist()]
    [tally] = [p for p in found if isinstance(p, Tally)]
    return rows, doubts, tally.rows_in[""]


def test_records_keep_their_values_and_rows():
    member = written(
        imei14=[35000000000001, None], started_us=[10, 20], kind=["call_out", "data"], radio_cell=[7, 8]
    )
    rows, doubts, met = parts(member)
    assert ParquetReader().recognise(member).says == "Parquet table of network records, 2 rows"
    assert [(r["imei14"], r["started_us"], r["source_row"]) for r in rows] == [
        (35000000000001, 10, 1),
        (None, 20, 2),
    ]
    assert rows[0]["evidence"] == member.evidence
    assert (doubts, met) == ([], 2)


def test_a_row_without_a_time_is_set_aside_and_a_bad_value_is_kept_as_a_remark():
    member = written(
        imei14=["35000000000001", "abc", "35000000000003"],
        started_us=[10, 20, None],
        kind=["data", "data", "data"],
    )
    rows, doubts, met = parts(member)
    assert [r["imei14"] for r in rows] == [35000000000001, None]
    assert {(d["severity"], d["column"], d["raw"], d["source_row"]) for d in doubts} == {
        ("remark", "imei14", "abc", 2),
        ("warning", "started_us", None, 3),
    }
    assert met == len(rows) + sum(d["severity"] == "warning" for d in doubts)


def test_imeis_and_radio_cells_as_operators_write_them_are_read():
    member = written(
        imei14=["352099001761481", "35 209900 176149 1", "x"],
        started_us=[1, 2, 3],
        radio_cell=["208-01-700-4001", "CGI:208-01-700-4001", "nowhere"],
    )
    rows, doubts, _ = parts(member)
    assert [r["imei14"] for r in rows] == [35209900176148, 35209900176149, None]
    assert [r["radio_cell"] for r in rows] == [radio_cell.parse("208-01-700-4001")] * 2 + [None]
    assert {(d["column"], d["raw"]) for d in doubts} == {("imei14", "x"), ("radio_cell", "nowhere")}


def test_columns_of_no_table_are_not_claimed():
    assert ParquetReader().recognise(written(a=[1], b=[2])) is None
    with pytest.raises(DamagedFileError, match="columns are those of no table"):
        parts(written(a=[1], b=[2]))


WHOLE = written(imei14=[35000000000001] * 50, started_us=list(range(50)), kind=["data"] * 50).content


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=0, max_size=6), st.booleans())
def test_any_bytes_are_rows_or_one_sentence(place, change, cut):
    content = WHOLE[:place] if cut else WHOLE[:place] + change + WHOLE[place + len(change) :]
    member = Bytes(content)
    ParquetReader().recognise(member)
    try:
        rows, doubts, met = parts(member)
    except DamagedFileError:
        return
    assert met == len(rows) + sum(d["severity"] == "warning" for d in doubts)
