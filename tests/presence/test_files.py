import csv

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from parloir.errors import EvidenceError, InputError, MissingEvidenceError
from parloir.presence.files import Files, Outputs, weigh_to

from .world import World


@pytest.fixture(scope="module")
def written(world: World, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    records = world.tables["network_records"].drop_columns(
        ["evidence", "member", "source_table", "source_row"]
    )
    pq.write_table(records, folder / "records.parquet")
    for name, columns in {
        "prisons": ["prison", "name", "latitude", "longitude", "capacity", "inmates"],
        "radio_cells": [
            "radio_cell",
            "operator",
            "technology",
            "latitude",
            "longitude",
            "azimuth",
            "beam_width",
        ],
    }.items():
        table = world.tables[name].select(columns)
        pa_csv.write_csv(table, folder / f"{name}.csv")
    return folder


def test_files_alone_give_rows_and_a_report(written, world):
    files = Files([written / "records.parquet"], [written / "radio_cells.csv", written / "prisons.csv"])
    done = weigh_to(files, Outputs(written / "out.csv", written / "report.html"))
    rows = list(csv.DictReader((written / "out.csv").open(encoding="utf-8")))
    assert len({row["device"] for row in rows}) == done.weighed > done.handsets > 0
    assert sum(row["expected"] for row in done.counts) == pytest.approx(
        sum(float(row["probability"]) for row in rows), abs=0.5
    )
    assert list(rows[0])[:7] == [
        "device", "imei14", "prison", "first_seen", "last_seen", "weight_bits", "probability",
    ]  # fmt: skip
    first = rows[: len(world.inside) // 2]
    assert all(world.inside.get(int(row["imei14"])) == row["prison"] for row in first)
    bits = sum(
        float(value) for name, value in rows[0].items() if name.endswith("_bits") and name != "weight_bits"
    )
    assert bits == pytest.approx(float(rows[0]["weight_bits"]), abs=0.03)
    page = (written / "report.html").read_text(encoding="utf-8")
    assert "95 % interval" in page
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_what_is_missing_is_named(written):
    with pytest.raises(InputError, match="there is no list of radio cells among the files; add a list"):
        weigh_to(Files([written / "records.parquet"], [written / "prisons.csv"]), Outputs(written / "x.csv"))


def test_one_file_given_twice_counts_once(written):
    others = [written / "radio_cells.csv", written / "prisons.csv"]
    for number, records in enumerate(([written / "records.parquet"], [written / "records.parquet"] * 2)):
        weigh_to(Files(records, others), Outputs(written / f"times{number}.csv"))
    assert (written / "times0.csv").read_bytes() == (written / "times1.csv").read_bytes()


@pytest.mark.parametrize(
    ("header", "changed", "sentence"),
    [
        ("latitude,longitude", "longitude,latitude", "no radio cell of the list lies within 35 km of"),
        ("latitude,longitude", "one,two", "without coordinates no radio cell can be told to serve"),
    ],
)
def test_no_handset_is_never_said_of_places_that_cannot_be_seen(written, header, changed, sentence):
    text = (written / "prisons.csv").read_text(encoding="utf-8")
    wrong = written / "wrong.csv"
    wrong.write_text(
        text.replace(header, changed, 1).replace(
            '"' + header.replace(",", '","') + '"', '"' + changed.replace(",", '","') + '"', 1
        ),
        encoding="utf-8",
    )
    with pytest.raises(MissingEvidenceError, match=sentence):
        weigh_to(
            Files([written / "records.parquet"], [written / "radio_cells.csv", wrong]),
            Outputs(written / "x.csv"),
        )
    assert not (written / "x.csv").exists()


@pytest.mark.parametrize(
    ("column", "sentence"), [("imei14", "names an IMEI"), ("radio_cell", "names a radio cell")]
)
def test_records_that_cannot_show_a_handset_say_so(written, column, sentence):
    records = pq.read_table(written / "records.parquet")
    place = records.schema.get_field_index(column)
    empty = records.set_column(place, records.schema.field(column), pa.nulls(records.num_rows, pa.int64()))
    pq.write_table(empty, written / "empty.parquet")
    others = [written / "radio_cells.csv", written / "prisons.csv"]
    with pytest.raises(MissingEvidenceError, match=sentence):
        weigh_to(Files([written / "empty.parquet"], others), Outputs(written / "x.csv"))


def test_a_folder_that_is_not_there_is_told_before_the_weighing(written):
    files = Files([written / "records.parquet"], [written / "radio_cells.csv", written / "prisons.csv"])
    with pytest.raises(EvidenceError, match="there is no such folder"):
        weigh_to(files, Outputs(written / "x.csv", written / "none" / "report.html"))
