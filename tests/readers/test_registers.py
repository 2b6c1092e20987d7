from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from parloir.errors import DamagedFileError, InputError, UnknownFormatError
from parloir.readers import READERS, Options, by_format, check, recognise
from parloir.readers.registers import REGISTERS
from parloir.readers.times import NEVER, TWICE

from .accounting import MemoryMember, account, values

INMATES = '''\
Numéro d'écrou;Nom;Prénoms;Alias;Date de naissance;Lieu de naissance;Date d'écrou;Date de levée d'écrou
12345;DURAND;"Léo; dit ""le Petit""";Léo|P'tit Léo;03/04/1990;Lyon;01/02/2026 09:30;
12346;MARTIN;Zoé;;31/02/1990;;2026-02-01T09:30:00+02:00;05/03/2026
'''


def xlsx(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        page = book.create_sheet(f"page {number}")
        for row in rows:
            page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "octets",
    [INMATES.encode(encoding) for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1")]
    + [INMATES.replace("\n", "\r\n").encode("cp1252"), INMATES.replace("\n", "\r").encode()],
)
def test_one_register_in_every_encoding(octets: bytes) -> None:
    assert recognise(MemoryMember(octets)).format == "inmates"
    told = account(by_format("inmates"), octets)
    first, second = told.rows["inmates"]
    assert values(first) == {
        "inmate": "12345",
        "family_name": "DURAND",
        "given_name": 'Léo; dit "le Petit"',
        "aliases": ["Léo", "P'tit Léo"],
        "birth_date": date(1990, 4, 3),
        "birth_place": "Lyon",
        "committed_us": 1769934600_000000,
    }
    assert (second["birth_date"], second["committed_us"]) == (None, 1769931000_000000)
    assert [(d["column"], d["raw"], d["source_row"]) for d in told.doubts] == [
        ("birth_date", "31/02/1990", 2)
    ]


def test_days_that_a_spreadsheet_counted_are_read_and_told() -> None:
    counted = INMATES.replace("03/04/1990", "32966").replace("01/02/2026 09:30", "46054,395833333")
    told = account(by_format("inmates"), counted.encode())
    first = values(told.rows["inmates"][0])
    assert (first["birth_date"], first["committed_us"]) == (date(1990, 4, 3), 1769934600_000000)
    assert [(d["column"], d["raw"]) for d in told.doubts if d["source_row"] == 1] == [
        ("birth_date", "32966"),
        ("committed_us", "46054,395833333"),
    ]


def test_a_workbook_reads_as_its_text() -> None:
    rows: list[list[object]] = [
        ["Registre d'écrou, état au 31/01/2026"],
        ["Numéro d'écrou", "Nom", "Date de naissance", "Date d'écrou"],
        [12345, "DURAND", date(1990, 4, 3), datetime.fromisoformat("2026-02-01 09:30")],
    ]
    octets = xlsx([["notes"]], rows)
    assert recognise(MemoryMember(octets)).format == "inmates"
    told = account(by_format("inmates"), octets)
    row = told.one("inmates")
    assert (row["inmate"], row["birth_date"], row["committed_us"]) == (
        "12345",
        date(1990, 4, 3),
        1769934600_000000,
    )
    assert (row["source_table"], row["source_row"]) == ("page 1", 1)
    assert told.unread["page 0"] == 1


@pytest.mark.parametrize("reader", REGISTERS, ids=lambda r: r.format)
def test_every_layout_of_every_register_is_recognised_by_its_headers(reader: object) -> None:
    for layout in reader.layouts:  # type: ignore[attr-defined]
        header = [next(iter(source.headers)) for source in layout.sources]
        claim = recognise(MemoryMember((";".join(header) + "\n").encode()))
        assert (claim.format, layout.name in claim.says) == (reader.format, True)  # type: ignore[attr-defined]


def test_a_search_that_found_nothing_is_a_row() -> None:
    text = (
        "Numéro de fouille;Code établissement;Cellule;Date de la fouille;Heure de la fouille;"
        "Objet;IMEI;Espèces (€)\n"
        "F1;PAR;A101;25/10/2026;02:30;Téléphone;352099001761481 / 35 209900 176149 1;\n"
        "F2;PAR;A102;29/03/2026;02:30;Néant;;\n"
        "F3;PAR;A103;;;Néant;;\n"
        "F4;PAR;A104;01/04/2026;10h15;Espèces;;1 234,50 €\n"
        "F5;PAR;A105;01/04/2026;10h15;lampe;;\n"
    )
    told = account(by_format("seizures"), text.encode())
    handset, nothing, cash, lamp = told.rows["seizures"]
    assert handset["imeis"] == [35209900176148, 35209900176149]
    assert handset["imeis_raw"] == ["352099001761481", "35 209900 176149 1"]
    assert (nothing["item"], nothing["prison_cell"]) == ("nothing", "A102")
    assert (cash["cash_cents"], lamp["item"]) == (123450, "other")
    assert [d["reason"] for d in told.of("warning")] == ["found_us: missing"]
    remarks = [d["reason"] for d in told.of("remark")]
    assert remarks[:1] == [TWICE]
    assert NEVER in remarks
    assert any("check digit" in reason for reason in remarks)


def test_ragged_and_unclosed_rows_become_warnings_with_their_text() -> None:
    text = 'inmate,prison,prison_cell,from_us\nA,P,1,2026-01-01,extra\nB,P\n"C,P,1,2026-01-01\n'
    text += "D,P,2,2026-01-01\n"
    told = account(by_format("stays"), text.encode())
    assert [row["inmate"] for row in told.rows["stays"]] == ["D"]
    assert [(d["source_row"], d["raw"]) for d in told.of("warning")] == [
        (1, "A,P,1,2026-01-01,extra"),
        (2, "B,P"),
        (3, '"C,P,1,2026-01-01'),
    ]


@pytest.mark.parametrize("written", ["néant", "RAS", "R.A.S.", "Fouille négative", "rien trouvé", "Vide"])
def test_a_search_that_found_nothing_is_told_in_many_ways(written: str) -> None:
    text = f"Établissement;Date;Objet\nE1;03/02/2026;{written}\n"
    told = account(by_format("seizures"), text.encode())
    assert [row["item"] for row in told.rows["seizures"]] == ["nothing"]
    assert not told.doubts


def test_a_quoted_field_may_hold_line_breaks() -> None:
    text = 'seizure,prison,found_us,item,note\r\nS1,P,2026-01-01,other,"two\r\n\r\nlines"\r\n'
    text += "S2,P,2026-01-01,sim,\r\n"
    told = account(by_format("seizures"), text.encode())
    assert [row["note"] for row in told.rows["seizures"]] == ["two\n\nlines", None]


def test_a_mistyped_imei_in_a_stock_list_is_kept_with_its_text() -> None:
    told = account(by_format("stock"), b"imei14,origin\n35209900176148,invoice\n3520990017614,invoice\n")
    good, mistyped = told.rows["stock"]
    assert (good["imei14"], mistyped["imei14"], mistyped["imei_raw"]) == (
        35209900176148,
        None,
        "3520990017614",
    )
    assert [d["reason"] for d in told.of("remark")] == ["not an IMEI"]


def test_raw_columns_of_the_file_go_before() -> None:
    told = account(by_format("approved_contacts"), b"inmate,number_raw\nA,06 39 98 00 01\nB,SOS\n")
    first, second = told.rows["approved_contacts"]
    assert (first["number"], first["number_raw"]) == (33639980001, "06 39 98 00 01")
    assert (second["number"], second["number_raw"]) == (None, "SOS")


@pytest.mark.parametrize(
    ("octets", "says"),
    [
        (b"inmate,prison_cell,from_us\n\0", "NUL"),
        (b"inmate,prison_cell,from_us\n" + b"x" * 10_000_000, "line of more than"),
        (b"name,colour\nA,red\n", "no header row"),
        (b"PK\x03\x04 and no more", "cannot be read as an XLSX workbook"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(octets: bytes, says: str) -> None:
    with pytest.raises(DamagedFileError, match=says) as caught:
        account(by_format("stays"), octets)
    assert str(caught.value).count("\n") == 0


def test_a_mapping_of_ones_own(tmp_path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'table = "stays"\ntimezone = "UTC"\nrequired = ["inmate"]\n[columns]\ninmate = "Nr"\n'
        'from_us = { date = "Day", time = "At" }\n[constants]\nprison = "X"\n'
        '[request]\nrequest = "R1"\nkind = "handsets"\n'
        'numbers = ["06 39 98 00 01"]\n'
    )
    octets = b"Nr\tDay\tAt\n7\t2026-01-01\t1:05 PM\n"
    reader = by_format("stays")
    told = list(reader.read(MemoryMember(octets), Options(mapping=str(path))))
    stays = next(p.batch.to_pylist()[0] for p in told if getattr(p, "table", "") == "stays")
    assert values(stays) == {"inmate": "7", "prison": "X", "from_us": 1767272700_000000}
    asked = next(p.batch.to_pylist()[0] for p in told if getattr(p, "table", "") == "requests")
    assert (asked["request"], asked["numbers"]) == ("R1", [33639980001])


def test_unknown_names_are_told() -> None:
    with pytest.raises(InputError, match=r"choose one of .*prisons"):
        by_format("nonsense")
    assert len({reader.format for reader in READERS}) == len(READERS)


OWN_LAYOUT = """table = "visits"
title = "own visits"
required = ["visitor", "inmate"]
[columns]
visitor = ["Visiteur"]
inmate = ["Detenu"]
"""
OWN_FILE = b"Visiteur;Detenu;Quand;Salle;Surveillant\nA1;I1;1;2;3\n"


def test_a_layout_that_was_told_says_what_the_file_is(tmp_path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN_LAYOUT, "utf-8")
    claim = recognise(MemoryMember(OWN_FILE), str(path))
    assert claim.format == "visits"
    assert "layout own, 2 of 5 headers known" in claim.says
    told = account(by_format("visits"), OWN_FILE, Options(mapping=str(path)))
    assert [row["visitor"] for row in told.rows["visits"]] == ["A1"]
    with pytest.raises(UnknownFormatError, match="no reader recognises it"):
        recognise(MemoryMember(OWN_FILE))


def test_a_layout_that_does_not_fit_says_what_it_needs(tmp_path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN_LAYOUT, "utf-8")
    with pytest.raises(UnknownFormatError, match=r"headers of the layout .*own.toml \(visitor, inmate\)"):
        recognise(MemoryMember(b"a;b\n1;2\n"), str(path))
    assert recognise(MemoryMember(b"visit,visitor,inmate,prison,started\n"), str(path)).format == "visits"


@pytest.mark.parametrize(
    "options", [Options(country="ZZ"), Options(timezone="Mars/Phobos"), Options(mapping="/none.toml")]
)
def test_options_that_cannot_be_used_are_told_at_once(options) -> None:
    with pytest.raises(InputError):
        check(options)
    check(Options())
