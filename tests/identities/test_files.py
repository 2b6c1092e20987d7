import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parloir.errors import InputError, ParloirError
from parloir.identities import LinkInput, read_file
from parloir.identities.explaining import explain_pair
from parloir.identities.files import Wanted, link_files
from parloir.identities.side_by_side import side_by_side

ROWS = (
    "Réf;Nom;Prénom;Né le\n1;Lefèvre;Chloé;12/03/1984\n2;LEFEVRE;Chloe;12.03.1984\n3;Petit;Luc;00/00/0000\n"
)


def csv(tmp_path, text, name="a.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_usual_encoding(tmp_path, encoding):
    table = read_file(csv(tmp_path, ROWS, encoding=encoding)).table
    assert table["Nom"].to_pylist() == ["Lefèvre", "LEFEVRE", "Petit"]


def test_a_workbook(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    for row in ROWS.strip().split("\n"):
        book.active.append(row.split(";"))
    book.save(tmp_path / "a.xlsx")
    assert read_file(tmp_path / "a.xlsx").table["Prénom"].to_pylist() == ["Chloé", "Chloe", "Luc"]


def test_pairs_and_report_are_written(tmp_path):
    wanted = Wanted(csv(tmp_path, ROWS), out=tmp_path / "p.parquet", report=tmp_path / "r.html")
    found = link_files(wanted)
    [row] = [
        row for row in pa.parquet.read_table(tmp_path / "p.parquet").to_pylist() if row["probability"] > 0.5
    ]
    assert (row["left_id"], row["right_id"]) == ("1", "2")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "born the same day" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "bits for any two records" in page
    explained = explain_pair(found.links, "2", "1")
    assert sum(round(bar.bits * 1000) for bar in explained.bars) == round(explained.weight_bits * 1000)
    assert "born the same day: +" in explained.text
    with pytest.raises(InputError, match="not compared"):
        explain_pair(found.links, "1", "9")


def test_the_report_shows_both_records_as_written(tmp_path):
    left = csv(
        tmp_path, "Nom;Prénom;Né le;code\nPetit;Chloé;01/02/1990;1\nDurand;Luc;03/04/1991;2\n", "l.csv"
    )
    right = csv(
        tmp_path, "who;family;given;born\n1;PETIT;CHLOE;1990-02-01\n3;MOREAU;ALI;1970-01-01\n", "r.csv"
    )
    columns = csv(tmp_path, '[left]\ncode="truth"\n[right]\nwho="truth"\n', "m.toml")
    found = link_files(Wanted(left, right, columns, report=tmp_path / "r.html"))
    sources = (read_file(left), read_file(right))
    shown = side_by_side(sources, found.links.diagnostics["roles"], (1, 1))
    assert [(f.role, f.left, f.right) for f in shown] == [
        ("family", "Petit", "PETIT"), ("given", "Chloé", "CHLOE"), ("birth", "01/02/1990", "1990-02-01"),
    ]  # fmt: skip
    assert "<td>Chloé</td><td>CHLOE</td>" in (tmp_path / "r.html").read_text("utf-8")


def test_columns_that_are_no_text_are_left_empty(tmp_path):
    table = pa.table(
        {"surname": ["Petit", "Durand"], "picture": [b"\xff\xfe", b"\x00"], "place": [{"x": 1}, {"x": 2}]}
    )
    pa.parquet.write_table(table, tmp_path / "a.parquet")
    read = read_file(tmp_path / "a.parquet").table
    assert read["surname"].to_pylist() == ["Petit", "Durand"]
    assert read["picture"].null_count == read["place"].null_count == 2


def test_columns_and_truth(tmp_path):
    left = csv(tmp_path, "a,b,who\nPetit,Luc,1\nDurand,Eva,2\n", "l.csv")
    right = csv(tmp_path, "c,d,who\nPetit,Luc,1\nMoreau,Ali,3\n", "r.csv")
    columns = csv(tmp_path, '[left]\na="family"\nb="given"\n[right]\nc="family"\nd="given"\n', "m.toml")
    found = link_files(Wanted(left, right, columns, truth="who"))
    assert found.quality.true_pairs == 1
    assert found.quality.recall in (0.0, 1.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[left]\nz='family'\n", "no column “z”"),
        ("[left]\nNom='surname'\n", "“surname” is no role"),
        ("[middle]\nNom='family'\n", "“middle” is no part"),
        ("nonsense", "is no TOML"),
    ],
)
def test_a_wrong_file_of_columns_is_told(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        link_files(Wanted(csv(tmp_path, ROWS), columns=csv(tmp_path, text, "m.toml")))


def test_what_cannot_be_read_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_file(tmp_path / "none.csv")
    with pytest.raises(InputError, match="it is a folder; name a file in it"):
        read_file(tmp_path)
    with pytest.raises(InputError, match="no rows"):
        read_file(csv(tmp_path, "Nom;Prénom\n"))
    with pytest.raises(InputError, match="no column “cluster”"):
        link_files(Wanted(csv(tmp_path, ROWS), truth="cluster"))
    with pytest.raises(InputError, match="no such folder; make it first"):
        link_files(Wanted(csv(tmp_path, ROWS), out=tmp_path / "none" / "p.parquet"))
    with pytest.raises(ParloirError, match="cannot be written"):
        link_files(Wanted(csv(tmp_path, ROWS), out=tmp_path))
    with pytest.raises(InputError, match="it has one row, which makes no pair"):
        link_files(Wanted(csv(tmp_path, "Nom;Prénom\nPetit;Luc\n")))


def test_a_row_with_a_field_too_many_is_set_aside_and_told(tmp_path):
    text = "nom,prenom\nPetit,Jean\nDurand,Marie,Lens\nPetit,Jean\n"
    links = link_files(Wanted(csv(tmp_path, text))).links
    assert links.pairs.num_rows == 1
    assert "a row has 3 fields, not 2: set aside: Durand,Marie,Lens" in links.diagnostics["remarks"][0]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path, raw):
    path = tmp_path / "x.csv"
    path.write_bytes(raw)
    try:
        assert read_file(path).table.num_rows > 0
    except ParloirError as error:
        assert str(error)


def test_a_workbook_of_several_sheets_and_a_file_without_headers(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["see the next sheet"])
    people = book.create_sheet("people")
    for values in (("nom", "prénom", "dob", "dob"), ("Roe", "Jo", "1980-01-02", "x")):
        people.append(values)
    book.save(tmp_path / "people.xlsx")
    read = read_file(tmp_path / "people.xlsx")
    assert read.table.column_names == ["nom", "prénom", "dob", "dob_4"]
    assert "“people”" in read.aside[0]
    (tmp_path / "bare.csv").write_text("Roe,Jo,1980-01-02\nPoe,Al,1981-02-03\n", encoding="utf-8")
    assert "looks like a row" in read_file(tmp_path / "bare.csv").aside[0]


def test_numbers_one_and_two_are_no_sex():
    table = pa.table({"id": ["1", "1", "2"], "nom": ["Roe", "Roe", "Poe"]})
    assert "sex" not in LinkInput(table, "a").profile().roles


def test_what_was_compared_is_kept_for_the_next_run(tmp_path):
    head, *rows = ROWS.strip().split("\n")
    grown = "\n".join([head, *rows, "4;Petit;Lucas;01/02/1960"])
    out = [tmp_path / f"{n}.parquet" for n in range(3)]
    wanted = Wanted(csv(tmp_path, ROWS), out=out[0], memory=tmp_path / "kept")
    assert link_files(wanted).links.diagnostics["new"] == 3
    again = link_files(Wanted(csv(tmp_path, grown), out=out[1], memory=tmp_path / "kept"))
    assert (again.links.diagnostics["new"], again.links.diagnostics["known"]) == (3, 3)
    anew = link_files(Wanted(csv(tmp_path, grown), out=out[2]))
    assert again.links.pairs.equals(anew.links.pairs)
    first, second = (pa.parquet.read_table(path).to_pylist() for path in out[:2])
    assert {row["pair"] for row in first} <= {row["pair"] for row in second}


def test_the_memory_is_a_folder(tmp_path):
    path = csv(tmp_path, ROWS)
    with pytest.raises(InputError, match="name a folder with --memory"):
        link_files(Wanted(path, memory=path))
