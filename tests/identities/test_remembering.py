import io
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet
import pytest

from parloir.identities import LinkInput, Memory, Parameters, link


def written(left, right, kept=None):
    inputs = [LinkInput(table, "register", {"person": "truth"}) for table in (left, right)]
    out = io.BytesIO()
    pa.parquet.write_table(link(*inputs, Parameters(kept=kept, threshold=0.0)).pairs, out)
    return out.getvalue()


@pytest.fixture
def kept(tmp_path):
    return Memory(tmp_path / "kept")


def test_a_run_on_the_same_files_compares_nothing(town, kept):
    left, right = town(200).tables()
    first = written(left, right, kept)
    compared, known = kept.counts["files"]
    assert compared > 0
    assert known == 0
    assert written(left, right, kept) == first == written(left, right)
    assert kept.counts["files"] == (0, compared)


def test_new_records_alone_are_compared(town, kept):
    left, right = town(200).tables()
    fewer = right.slice(0, right.num_rows - 5)
    written(left, fewer, kept)
    assert written(left, right, kept) == written(left, right)
    assert kept.counts["files"] == (5 * left.num_rows, fewer.num_rows * left.num_rows)


def test_a_record_that_changed_is_compared_again(town, kept):
    left, right = town(200).tables()
    written(left, right, kept)
    rows = right.to_pylist()
    rows[0]["nom"] = "Delaunay"
    changed = pa.Table.from_pylist(rows, schema=right.schema)
    assert written(left, changed, kept) == written(left, changed)
    assert kept.counts["files"][0] == left.num_rows


def test_in_whatever_order_the_records_stand(town, kept):
    left, right = town(120).tables()
    written(left, right, kept)
    turned = right.take(list(range(right.num_rows))[::-1])
    assert written(left, turned, kept) == written(left, turned)
    assert kept.counts["files"][0] == 0


def test_each_name_remembers_its_last_run(town, kept):
    left, right = town(60).tables()
    written(left, right, kept)
    written(left, right.drop_columns(["cp"]), kept)
    assert len(list(kept.folder.iterdir())) == 1
    written(left, right, kept.of("others"))
    assert len(list(kept.folder.iterdir())) == 2
    assert replace(kept, name="others").counts is kept.counts
