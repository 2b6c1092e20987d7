"""Full records of single handsets as ETSI TS 102 657 retained data in XML (telephony, namespace v1.28.1)."""

from __future__ import annotations

from pathlib import Path

from parloir.identifiers import imei as imeis
from parloir.identifiers import radio_cell
from parloir.simulation.events import A_DAY, KIND, KINDS, Events
from parloir.simulation.radio import Sites
from parloir.simulation.times import END, SECOND, texts

ROLES = {
    "call_out": ("originating-Party", "terminating-Party"),
    "call_in": ("terminating-Party", "originating-Party"),
    "text_out": ("smsOriginator", "smsRecipient"),
    "text_in": ("smsRecipient", "smsOriginator"),
}
"""partyRole of the handset and of the other party (TS 102 657 annex B, TelephonyPartyRole)."""
_FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<RetainedDataMessage xmlns="http://uri.etsi.org/02657/v1.28.1#/RetainedData">
<retainedDataHeader><requestID><countryCode>FR</countryCode>
<authorisedOrganisationID>JIRS</authorisedOrganisationID><requestNumber>{request}</requestNumber></requestID>
<cSPID>{operator}</cSPID><timeStamp>20250520060000Z</timeStamp></retainedDataHeader>
<retainedDataPayload><responseMessage><responsePayload>
{records}
</responsePayload></responseMessage></retainedDataPayload>
</RetainedDataMessage>
"""


def write_etsi(path: Path, sites: Sites, e: Events, names: tuple[str, str, int]) -> None:
    """Write one operator's answer: `names` are the request, the operator and the days of the records."""
    request, operator, days = names
    started = END - (days * A_DAY - e.time) * SECOND
    begin, end = (texts(t, "%Y%m%d%H%M%S").to_pylist() for t in (started, started + e.duration * SECOND))
    radio_cells = [user_location(int(i)) for i in sites.identity[e.radio_cell]]
    rows = zip(
        e.kind.tolist(), e.imei.tolist(), e.imsi.tolist(), e.number.tolist(), e.correspondent.tolist(),
        sites.layer[e.radio_cell].tolist(), begin, end, e.duration.tolist(), radio_cells, strict=True,
    )  # fmt: skip
    records = [_record(k + 1, row) for k, row in enumerate(rows)]
    path.write_text(
        _FRAME.format(request=request, operator=operator, records="\n".join(records)), encoding="utf-8"
    )


def _record(number: int, row: tuple[int, int, int, int, int, int, str, str, int, str]) -> str:
    kind, imei, imsi, own, other, layer, begin, end, seconds, where = row
    where = f"<userLocationInformation>{where}</userLocationInformation>"
    where = f"<detailedLocation><cellInformation>{where}</cellInformation></detailedLocation>"
    # French summer time: the records lie between the last Sundays of March and October.
    duration = f"<durationTime>{seconds}</durationTime>" if seconds else ""
    when = f"<startTime>{begin}+0200</startTime><endTime>{end}+0200</endTime>{duration}"
    when = f"<communicationTime>{when}</communicationTime>"
    device = f"{imeis.text(imei)}0"
    if kind == KIND["data"]:
        access = "<lTE/>" if layer else "<gPRS/>"
        usage = (
            f"<partyInformation><TelephonyPartyInformation><partyNumber>{own}</partyNumber>{where}{when}"
            f"</TelephonyPartyInformation></partyInformation><nationalTelephonyServiceUsage><countryCode>FR</countryCode>"
            f"<headerID>1</headerID><internetAccess><nwAccessType>{access}</nwAccessType><naDeviceId>{device}</naDeviceId>"
            f"<gprsInformation><iMSI>{imsi}</iMSI><aPN>internet</aPN></gprsInformation></internetAccess></nationalTelephonyServiceUsage>"
        )
    else:
        role, role_of_other = ROLES[KINDS[kind]]
        usage = (
            f"<partyInformation><TelephonyPartyInformation><partyRole><{role}/></partyRole><partyNumber>{own}</partyNumber>"
            f"<iMSI>{imsi}</iMSI><iMEI>{device}</iMEI>{where}{when}</TelephonyPartyInformation>"
            f"<TelephonyPartyInformation><partyRole><{role_of_other}/></partyRole><partyNumber>{other}</partyNumber>"
            f"{when}</TelephonyPartyInformation></partyInformation>"
        )
    return (
        f"<ResponseRecord><recordNumber>{number}</recordNumber><recordPayload><telephonyRecord><telephonyServiceUsage>"
        f"{usage}</telephonyServiceUsage></telephonyRecord></recordPayload></ResponseRecord>"
    )


def user_location(identity: int) -> str:
    """Octets of a user location information in hexadecimal (3GPP TS 29.274 §8.21): CGI, or TAI and ECGI."""
    coded = radio_cell.decode(identity)
    assert coded is not None  # noqa: S101 - every radio cell of this world is coded
    country, network = f"{coded.country:03d}", coded.network
    # Swapped decimal digits, with a filler for the third digit of the network code (TS 24.008 §10.5.1.3).
    plmn = f"{country[1]}{country[0]}f{country[2]}{network[1]}{network[0]}"
    if coded.kind == "CGI":
        return f"01{plmn}{coded.area or 0:04x}{coded.cell:04x}"
    return f"18{plmn}{coded.cell % 65_000 + 1:04x}{plmn}{coded.cell:08x}"
