from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.identifiers import radio_cell
from parloir.readers import Options, by_format, network, recognise
from parloir.readers.text import blocks

from .accounting import Account, MemoryMember, account, values

BILL = (
    "Type de communication;Numéro abonné;Correspondant;Numéro tiers;Date;Heure;Durée;Cellule;IMEI\n"
    "Voix sortante;0639980001;0199001234;;31/01/2026;14:05:06;65;208-01-1234-56789;352099001761480\n"
    "SMS entrant;+33639980001;ORANGE;;31/01/2026;14:06:00;;208-01-1234-56789;3520990017614801\n"
    "Data;33639980001;;;25/10/2026;02:30:00;0:01:05;;\n"
    "Voix sortante;0639980001;3900;;31/02/2026;14:05:06;65;208-01-1234-56789;352099001761480\n"
    "too;short\n"
    "Fin de relevé\n"
)
INDIA = (
    "Call details of 9199000001\n"
    '"Target No","Call Type","B Party No","Date","Time","Dur(s)","First CGI","Last CGI","IMEI","IMSI"\n'
    '"919900000001","IN","919900000002","05-02-2026","23:59:59","12","404-96-290-128686112",'
    '"404-96-290-128686113","35209900176148","404960000000001"\n'
    '"919900000001","SMO","VM-BANKXX","05/FEB/2026","23:59:59","","404-96-290-128686112","","",""\n'
)
US = (
    "Date,Time,Duration,Call Type,Direction,Calling Number,Called Number,IMSI,IMEI,1st LTE Site ID,"
    "1st LTE Sector ID,1st LAC,1st Cell ID,1st Latitude,1st Longitude,1st Azimuth\n"
    "01/31/2026,14:05:06,60,Voice,Outgoing,2025550101,2025550102,310260000000001,35209900176148,"
    "50001,3,,,40.5,-74.25,120\n"
    "01/31/2026,15:05:06,60,Voice,Incoming,2025550102,2025550101,310260000000001,35209900176148,"
    "50001,3,,,40.5,-74.25,120\n"
    "01/31/2026,16:05:06,60,SMS,Incoming,2025550102,2025550101,310260000000001,35209900176148,,,700,41,,,\n"
)


def _both(name: str, octets: bytes, options: Options | None = None) -> Account:
    """What is read all at once, after checking that reading line by line gives the same."""
    reader = by_format(name)
    quick = account(reader, octets, options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "_quick", lambda *_: None)
        careful = account(reader, octets, options)

    def ordered(told: Account) -> list[list[Any]]:
        tables = [sorted(rows, key=lambda row: row["source_row"]) for _, rows in sorted(told.rows.items())]
        return [*tables, sorted(told.doubts, key=lambda row: row["source_row"])]

    assert ordered(quick) == ordered(careful)
    assert quick.rows_in == careful.rows_in
    return quick


def test_a_french_itemised_bill() -> None:
    claim = recognise(MemoryMember(BILL.encode("cp1252")))
    assert claim.format == "network_bill_fr"
    told = _both("network_bill_fr", BILL.encode("cp1252"))
    call, text, data = sorted(told.rows["network_records"], key=lambda row: row["source_row"])
    assert values(call) == {
        "imei14": 35209900176148,
        "number": 33639980001,
        "correspondent": 33199001234,
        "kind": "call_out",
        "started_us": 1769864706_000000,
        "offset_min": 60,
        "duration_s": 65,
        "radio_cell": radio_cell.parse("208-01-1234-56789"),
    }
    assert (text["kind"], text["correspondent"], text["correspondent_raw"]) == ("text_in", None, "ORANGE")
    assert text["imei14"] == 35209900176148
    assert (data["duration_s"], data["offset_min"], data["imei14"]) == (65, 120, None)
    assert [doubt["source_row"] for doubt in told.of("warning")] == [4, 5, 6]
    assert [doubt["source_row"] for doubt in told.of("remark")] == [3]


def test_indian_records_with_a_title_and_quotes() -> None:
    claim = recognise(MemoryMember(INDIA.encode()))
    assert claim.format == "network_india"
    told = _both("network_india", INDIA.encode())
    call, text = sorted(told.rows["network_records"], key=lambda row: row["source_row"])
    assert values(call) == {
        "number": 919900000001,
        "correspondent": 919900000002,
        "kind": "call_in",
        "started_us": 1770316199_000000,
        "offset_min": 330,
        "duration_s": 12,
        "radio_cell": radio_cell.parse("404-96-128686112"),
        "radio_cell_end": radio_cell.parse("404-96-128686113"),
        "imei14": 35209900176148,
        "imsi": 404960000000001,
    }
    assert (text["kind"], text["correspondent_raw"], text["imei14"]) == ("text_out", "VM-BANKXX", None)
    assert not told.doubts
    assert told.unread == {"lines before the header": 1}


def test_us_records_place_their_radio_cells_once() -> None:
    assert recognise(MemoryMember(US.encode())).format == "network_us"
    told = _both("network_us", US.encode())
    out, incoming, text = told.rows["network_records"]
    assert (out["number"], out["correspondent"]) == (12025550101, 12025550102)
    assert (incoming["number"], incoming["correspondent"]) == (12025550101, 12025550102)
    assert out["started_us"] == 1769868306_000000
    assert out["radio_cell"] == radio_cell.parse(f"ECGI:310-260-{50001 * 256 + 3}")
    assert text["radio_cell"] == radio_cell.parse("CGI:310-260-700-41")
    place = told.one("radio_cells")
    assert (place["radio_cell"], place["latitude"], place["longitude"], place["azimuth"]) == (
        out["radio_cell"],
        40.5,
        -74.25,
        120.0,
    )


_FIELDS = {
    "imei14": st.sampled_from(
        ["", "35209900176148", "352099001761481", "3520990017614801", "0" * 14, "35-2", "x"]
    ),
    "imsi": st.sampled_from(["", "208010000000001", "20801000000001", "000000000000000", "12"]),
    "number": st.one_of(
        st.from_regex(r"(0|33|\+33|0033|91|1)?[0-9]{6,12}", fullmatch=True),
        st.sampled_from(["", "888", "BANK"]),
    ),
    "correspondent": st.one_of(
        st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True),
        st.from_regex(r"(262|596|33)[0-9]{9}", fullmatch=True),
        st.sampled_from(["", "ORANGE", "06 39 98 00 01", "'33639980001", "+1 202 555 0101"]),
    ),
    "correspondent_raw": st.sampled_from(["", "VODAFONE"]),
    "kind": st.sampled_from(["call_out", "TEXT_IN", "", "other", "data"]),
    "started_us": st.one_of(
        st.datetimes().map(lambda t: t.isoformat()[:19]),
        st.datetimes().map(lambda t: t.strftime("%d/%m/%Y %H:%M")),
        st.sampled_from(["2026-10-25 02:30:00", "2026-03-29T02:30:00", "2026-01-31T14:05:00+05:30", ""]),
        st.sampled_from(["1769864706000000", "2026-02-30", "2026-01-31 24:00:00", "31.01.2026"]),
        st.sampled_from(["20260131", "2026-01-31 14:05Z"]),
    ),
    "ended": st.sampled_from(["", "2026-01-31T14:05:00-0330", "1/2/2026 3:04"]),
    "duration_s": st.sampled_from(["", "0", "65", "1:05", "65s", "-1"]),
    "radio_cell": st.sampled_from(["", "208-01-1234-56789", "12345", "nowhere"]),
    "bytes_up": st.sampled_from(["", "123456789012345678", "12 345", "1e5"]),
    "technology": st.sampled_from(["", "4G", " 5G "]),
}  # fmt: skip
OWN = ",".join(_FIELDS)
_ROW = st.tuples(*_FIELDS.values()).map(",".join) | st.text(
    st.sampled_from('",\'éa1;\r\x0b '), max_size=30
)  # fmt: skip


@settings(max_examples=150)
@given(
    rows=st.lists(_ROW, max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
    country=st.sampled_from(["FR", "US", "IN"]),
)
def test_reading_all_at_once_agrees_with_reading_line_by_line(
    rows: list[str], end: str, country: str
) -> None:
    octets = end.join([OWN, *rows]).encode()
    told = _both("network_records", octets, Options(country=country))
    assert told.rows_in.total() >= sum(bool(row.strip("\r")) and "\r" not in row for row in rows)


def test_blocks_keep_the_count_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"0639980{n:03d},data,2026-01-01 00:{n % 60:02d}" for n in range(500)]
    lines[77], lines[300] = "", "not a row"
    octets = "\n".join(["number,kind,started_us", *lines]).encode()
    reader = by_format("network_records")
    whole = account(reader, octets)
    monkeypatch.setattr(network, "blocks", lambda member: blocks(member, 256))
    small = account(reader, octets)
    assert sorted(whole.rows["network_records"], key=lambda r: r["source_row"]) == sorted(
        small.rows["network_records"], key=lambda r: r["source_row"]
    )
    assert whole.doubts == small.doubts
    assert [doubt["source_row"] for doubt in small.doubts] == [300]
