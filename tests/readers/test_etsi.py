from __future__ import annotations

from operator import itemgetter
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.errors import DamagedFileError
from parloir.identifiers import radio_cell
from parloir.readers import Options, by_format, etsi, etsi_columns, recognise
from parloir.readers.etsi_location import parse_coordinate, parse_location

from .accounting import Account, MemoryMember, account, values

ECGI = "18" + "62f210" + "1234" + "62f210" + "00c35103"
"""Flags TAI and ECGI, 262-01, tracking area 0x1234, eNodeB 0xC351 sector 3."""
CGI = "01" + "02f810" + "04d2" + "ddd5"
HEADER = """<retainedDataHeader><requestID><countryCode>DE</countryCode>
<authorisedOrganisationID>O1</authorisedOrganisationID><requestNumber>REQ-7</requestNumber></requestID>
<cSPID>OP1</cSPID><timeStamp>20260201120000Z</timeStamp></retainedDataHeader>"""


def location(uli: str, place: str = "") -> str:
    return (
        f"<detailedLocation><cellInformation><userLocationInformation>{uli}</userLocationInformation>"
        f"{place}</cellInformation><transmitterDetails><beamWidth>65</beamWidth></transmitterDetails>"
        "</detailedLocation>"
    )


def spot(latitude: str, longitude: str, name: str = "geoCoordinates", suffix: str = "") -> str:
    return (
        f"<extendedLocation><spot><gsmLocation><{name}><latitude{suffix}>{latitude}</latitude{suffix}>"
        f"<longitude{suffix}>{longitude}</longitude{suffix}><azimuth>120</azimuth></{name}></gsmLocation></spot>"
        "</extendedLocation>"
    )


def party(role: str, number: str, more: str = "", start: str = "20260131140506+0100") -> str:
    return (
        f"<TelephonyPartyInformation><partyRole><{role}/></partyRole><partyNumber>{number}</partyNumber>{more}"
        f"<communicationTime><startTime>{start}</startTime><endTime>20260131140611+0100</endTime>"
        "<durationTime>65</durationTime></communicationTime></TelephonyPartyInformation>"
    )


def record(inside: str, more: str = "") -> str:
    return (
        f"<ResponseRecord><recordNumber>1</recordNumber><recordPayload><telephonyRecord><telephonyServiceUsage>"
        f"{inside}</telephonyServiceUsage></telephonyRecord></recordPayload>{more}</ResponseRecord>"
    )


def document(*records: str, version: str = "v1.28.1", declaration: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{declaration}'
        f'<r:RetainedDataMessage xmlns:r="x" xmlns="http://uri.etsi.org/02657/{version}#/RetainedData">{HEADER}'
        f"<responsePayload>{''.join(records)}</responsePayload></r:RetainedDataMessage>"
    ).encode()


CALL = record(
    "<partyInformation>"
    + party(
        "originating-Party",
        "4915550000001",
        "<iMSI>262010000000001</iMSI><iMEI>3520990017614800</iMEI>"
        + location(ECGI, spot("N515715", "E0144130.5")),
    )
    + party("terminating-Party", "4915550000002")
    + "</partyInformation>",
    '<additionalInformation><otherInformation>"Call Indikator"="MOC";"x"="&lt;leer&gt;"</otherInformation>'
    "</additionalInformation>",
)
SESSION = record(
    "<partyInformation><TelephonyPartyInformation><partyNumber>4915550000003</partyNumber>"
    + location(CGI, spot("N51.5046", "E013.7854", "geoCoordinatesDec", "Dec"))
    + "<communicationTime><startTime>20260131140506Z</startTime></communicationTime>"
    "</TelephonyPartyInformation></partyInformation><nationalTelephonyServiceUsage><countryCode>DE</countryCode><headerID>1</headerID>"
    "<internetAccess><nwAccessType><lTE/></nwAccessType><naDeviceId>35209900176148</naDeviceId>"
    "<gprsInformation><iMSI>262010000000003</iMSI><aPN>internet</aPN></gprsInformation></internetAccess>"
    "</nationalTelephonyServiceUsage>"
)
TEXT = record(
    "<partyInformation>"
    + party("smsOriginator", "4915550000001")
    + party("smsRecipient", "BANK")
    + "</partyInformation>"
)


def read(octets: bytes) -> Account:
    """Read many records at once, and one by one: both have to say the same."""
    reader, options = by_format("etsi_102657"), Options(country="DE", timezone="Europe/Berlin")
    quick = account(reader, octets, options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(etsi_columns, "_plan", lambda _: None)
        careful = account(reader, octets, options)

    def ordered(told: Account) -> list[list[dict[str, Any]]]:
        tables = [sorted(rows, key=lambda row: row["source_row"]) for _, rows in sorted(told.rows.items())]
        return [*tables, sorted(told.doubts, key=lambda doubt: (doubt["source_row"], str(doubt)))]

    assert ordered(quick) == ordered(careful)
    assert quick.rows_in == careful.rows_in
    return quick


def choice(*likely: str) -> st.SearchStrategy[str]:
    """Texts of a kind: mostly those, else anything that XML may hold."""
    letters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    marks = st.sampled_from(' \t\n&<>"0123456789')
    return st.sampled_from(likely) | st.text(letters | marks, max_size=20)


TIMES = choice(
    "20260131140506+0100", "20260131140506Z", "20260131140506.25-0930", "20260131140506", "20260230000000Z",
    "20260131240000Z", "20260131140506+1901", "2026-01-31 14:05:06", "18991231235959Z", "2026013114050६Z",
)  # fmt: skip
NUMBERS = choice(
    "4915550000001", "015550000001", "+33199001234", "BANK", "22000", "33199001234", " 49155 500"
)
ELEMENTS = {
    "partyNumber": NUMBERS,
    "mSISDN": NUMBERS,
    "iMSI": choice("262010000000001", "000000000000000", "26201000000000", "2620100"),
    "iMEI": choice("3520990017614800", "352099001761481", "35209900176148", "00000000000000"),
    "startTime": TIMES,
    "endTime": TIMES,
    "durationTime": choice("65", "0", "1000000000", "-1", "६"),
    "userLocationInformation": choice(ECGI, CGI, "262-01-1234-5678", "00" * 8),
    "latitude": choice("N515715", "51.5", "N91", "S515715"),
    "longitude": choice("E0144130.5", "13.7", "W0144130"),
    "azimuth": choice("120", "400"),
    "smsEvent": choice("", "x"),
}
ROLES = st.sampled_from(
    (
        "",
        "<partyRole><originating-Party/></partyRole>",
        "<partyRole><terminating-Party/></partyRole>",
        "<partyRole><smsRecipient/></partyRole>",
        "<partyRole><other/></partyRole>",
        "<partyRole>originating-Party</partyRole>",
        "<partyRole>1</partyRole>",
    )
)
INDICATORS = st.sampled_from(('"Call Indikator"="MOM"', '"Call Indikator"="MOC";"x"="&lt;leer&gt;"', "x", ""))
ACCESS = st.sampled_from(("<nwAccessType><lTE/></nwAccessType>", "<nwAccessType>gsm</nwAccessType>", ""))


@st.composite
def leaves(draw: st.DrawFn, *names: str) -> str:
    """Some elements with a text each, in any order."""
    chosen = draw(st.lists(st.sampled_from(names or tuple(ELEMENTS)), max_size=8))
    return "".join(f"<{name}>{escape(draw(ELEMENTS[name]))}</{name}>" for name in chosen)


@st.composite
def any_record(draw: st.DrawFn) -> str:
    """A record with up to three parties, perhaps a session, shared times and free texts."""
    start = f"<startTime>{draw(TIMES).replace('&', '').replace('<', '')}</startTime>"
    parties = "".join(
        f"<TelephonyPartyInformation>{draw(ROLES)}{start}{draw(leaves())}</TelephonyPartyInformation>"
        for _ in range(draw(st.integers(0, 3)))
    )
    session = draw(st.sampled_from(("", "<countryCode>DE</countryCode><internetAccess>")))
    if session:
        inside = f"{session}{draw(ACCESS)}{draw(leaves())}</internetAccess>"
        session = f"<nationalTelephonyServiceUsage>{inside}</nationalTelephonyServiceUsage>"
    free = f"<otherInformation>{draw(INDICATORS)}</otherInformation>"
    return record(f"{parties}{draw(leaves('startTime', 'endTime', 'durationTime'))}{session}", free)


@settings(max_examples=150)
@given(st.lists(any_record(), min_size=1, max_size=4), st.integers(1, 3))
def test_reading_many_records_at_once_agrees_with_one_by_one(records: list[str], repeated: int) -> None:
    told = read(document(*records * repeated, CALL))
    assert told.rows_in.total() > len(records) * repeated


def test_records_of_one_shape_with_an_odd_one_among_them() -> None:
    odd = CALL.replace("20260131140506+0100", "yesterday", 1)
    told = read(document(CALL, odd, CALL))
    assert [row["source_row"] for row in told.rows["network_records"]] == [1, 2, 5, 6, 4]
    assert [(doubt["source_row"], doubt["raw"]) for doubt in told.of("warning")] == [(3, "yesterday")]


@pytest.mark.parametrize("version", ["v1.26.1", "v1.28.1"])
def test_a_call_is_one_row_a_party(version: str) -> None:
    octets = document(CALL, version=version)
    assert recognise(MemoryMember(octets)).says == f"ETSI TS 102 657 retained data {version}"
    told = read(octets)
    caller, called = told.rows["network_records"]
    cell = radio_cell.parse(f"ECGI:262-01-{0xC35103}")
    assert values(caller) == {
        "imei14": 35209900176148,
        "imsi": 262010000000001,
        "number": 4915550000001,
        "correspondent": 4915550000002,
        "kind": "call_out",
        "started_us": 1769864706_000000,
        "ended_us": 1769864771_000000,
        "offset_min": 60,
        "duration_s": 65,
        "radio_cell": cell,
        "operator": "OP1",
        "request": "REQ-7",
    }
    assert (called["kind"], called["correspondent"], called["radio_cell"]) == ("call_in", 4915550000001, None)
    assert [caller["source_row"], called["source_row"]] == [1, 2]
    place = told.one("radio_cells")
    assert (place["radio_cell"], place["azimuth"], place["beam_width"]) == (cell, 120.0, 65.0)
    assert (place["latitude"], place["longitude"]) == pytest.approx((51.954167, 14.691806))
    assert values(told.one("requests")) == {"request": "REQ-7", "operator": "OP1"}
    assert not told.doubts


def test_a_data_session_takes_what_it_lacks_from_its_party() -> None:
    told = read(document(SESSION, SESSION))
    first, second = told.rows["network_records"]
    assert values(first) == {
        "imei14": 35209900176148,
        "imsi": 262010000000003,
        "number": 4915550000003,
        "kind": "data",
        "started_us": 1769868306_000000,
        "offset_min": 0,
        "radio_cell": radio_cell.parse("CGI:208-01-1234-56789"),
        "technology": "4G",
        "operator": "OP1",
        "request": "REQ-7",
    }
    assert values(second) == values(first)
    assert told.one("radio_cells")["latitude"] == 51.5046


def test_a_record_without_location_is_a_row_with_a_remark() -> None:
    told = read(document(TEXT))
    sent, received = told.rows["network_records"]
    assert (sent["kind"], sent["correspondent"], sent["correspondent_raw"]) == ("text_out", None, "BANK")
    assert (received["kind"], received["correspondent"]) == ("text_in", 4915550000001)
    assert {doubt["reason"] for doubt in told.of("remark")} == {
        "the record has no location",
        "not a telephone number",
    }
    assert sent["radio_cell"] is None


def test_what_is_no_use_of_a_service_is_set_aside_with_its_text() -> None:
    odd = "<ResponseRecord><recordPayload><subscriber>NAME</subscriber></recordPayload></ResponseRecord>"
    empty = record("")
    late = record(
        "<partyInformation>"
        + party("originating-Party", "4915550000001", start="yesterday")
        + "</partyInformation>"
    )
    told = read(document(odd, empty, late, CALL))
    assert [(d["source_row"], d["raw"]) for d in told.of("warning")] == [
        (1, "NAME"),
        (2, "1"),
        (3, "yesterday"),
    ]
    assert [row["source_row"] for row in told.rows["network_records"]] == [4, 5]


@pytest.mark.parametrize(
    ("octets", "says"),
    [
        (document(CALL)[:-60], "not whole as XML"),
        (b"<RetainedData>", "not whole as XML"),
        (document(CALL, declaration="<!DOCTYPE x [<!ENTITY a 'b'>]>"), "declares a DTD"),
        (
            document(record("&a;"), declaration="<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"),
            "DTD",
        ),
        (document(record("x" * 20_000_000)), "larger than 16 MB|not whole"),
        (document(record("<a>" * 300 + "</a>" * 300)), "not whole as XML"),
    ],
)
def test_broken_or_hostile_documents_are_refused(octets: bytes, says: str) -> None:
    with pytest.raises(DamagedFileError, match=says):
        read(octets)


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        (ECGI, f"ECGI:262-01-{0xC35103}"),
        (CGI, "CGI:208-01-1234-56789"),
        ("5600080002f81004d2ddd5", "CGI:208-01-1234-56789"),
        ("5600080102f81004d2ddd5", "SAI:208-01-1234-56789"),
        ("01130062" + "04d2ddd5", "CGI:310-260-1234-56789"),
        ("262-01-1234-5678", "CGI:262-01-1234-5678"),
    ],
)
def test_user_location_information(written: str, cell: str) -> None:
    assert parse_location(written) == radio_cell.parse(cell)


@pytest.mark.parametrize("written", ["", "zz", "00" * 8, "18ffffff", "01ff", "0" * 100])
def test_what_names_no_radio_cell(written: str) -> None:
    assert parse_location(written) is None


@pytest.mark.parametrize(
    ("written", "limit", "degrees"),
    [
        ("S515715", 90.0, -51.954167),
        ("W0144130", 180.0, -14.691667),
        ("51.5", 90.0, 51.5),
        ("N91", 90.0, None),
        ("", 90.0, None),
    ],
)
def test_coordinates(written: str, limit: float, degrees: float | None) -> None:
    assert parse_coordinate(written, limit) == degrees


def test_records_are_the_same_however_many_are_converted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    second = HEADER.replace("REQ-7", "REQ-8")
    octets = document(*[CALL, SESSION, TEXT] * 50, second, CALL)
    together = read(octets)
    monkeypatch.setattr(etsi, "_AT_ONCE", 7)
    monkeypatch.setattr(etsi, "_FREED_AT_ONCE", 3)
    apart = read(octets)
    rows = [sorted(told.rows["network_records"], key=itemgetter("source_row")) for told in (together, apart)]
    assert rows[0] == rows[1]
    assert [row["request"] for row in rows[0]] == ["REQ-7"] * 250 + ["REQ-8"] * 2
    assert [row["request"] for row in apart.rows["requests"]] == ["REQ-7", "REQ-8"]
    assert apart.rows["radio_cells"] == together.rows["radio_cells"]
