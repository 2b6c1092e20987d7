from __future__ import annotations

import pytest

from parloir.errors import DamagedFileError
from parloir.identifiers import radio_cell
from parloir.readers import Options, by_format, recognise
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
    return account(by_format("etsi_102657"), octets, Options(country="DE", timezone="Europe/Berlin"))


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
