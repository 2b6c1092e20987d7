"""ETSI TS 102 657 XML → canonical rows, in MB a second, with the memory it took.

The documents are constructed: calls with two parties, one located, and data sessions in turn. Each is read in
a process of its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from parloir.readers import Options, Rows, by_format
from parloir.vault import Vault

FOLDER = Path("bench-data/etsi")
SIZES = (50, 500)
"""Megabytes."""
FLOOR, CEILING_MB = 20, 300
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<RetainedDataMessage xmlns="http://uri.etsi.org/02657/v1.28.1#/RetainedData">'
    "<retainedDataHeader><requestID><requestNumber>R1</requestNumber></requestID><cSPID>OP1</cSPID>"
    "</retainedDataHeader><responsePayload>\n"
)
_TAIL = "</responsePayload></RetainedDataMessage>\n"
_LOCATION = """
  <detailedLocation><cellInformation>
    <userLocationInformation>1802f810123402f81000c3{n:04x}</userLocationInformation>
    <extendedLocation><spot><gsmLocation><geoCoordinates>
      <latitude>N4851{m:02d}</latitude><longitude>E00221{m:02d}</longitude>
      <mapDatum><wGS84/></mapDatum><azimuth>{a}</azimuth>
    </geoCoordinates></gsmLocation></spot></extendedLocation>
  </cellInformation><transmitterDetails><beamWidth>65</beamWidth></transmitterDetails></detailedLocation>"""
_TIME = """
  <communicationTime><startTime>202601{d:02d}{h:02d}{m:02d}{m:02d}+0100</startTime>
  <endTime>202601{d:02d}{h:02d}{m:02d}{m:02d}+0100</endTime><durationTime>{m}</durationTime></communicationTime>"""
_CALL = f"""<ResponseRecord><recordNumber>{{i}}</recordNumber><recordPayload><telephonyRecord>
<telephonyServiceUsage>
<partyInformation><TelephonyPartyInformation><partyRole><originating-Party/></partyRole>
  <partyNumber>3363998{{p:04d}}</partyNumber><iMSI>20801000000{{p:04d}}</iMSI><iMEI>35209900{{p:06d}}0</iMEI>
{_TIME}{_LOCATION}
</TelephonyPartyInformation><TelephonyPartyInformation><partyRole><terminating-Party/></partyRole>
  <partyNumber>3319900{{q:04d}}</partyNumber>{_TIME}</TelephonyPartyInformation></partyInformation>
</telephonyServiceUsage></telephonyRecord></recordPayload><additionalInformation>
<otherInformation>"Call Indikator"="MOC";"Quelle"="MSC"</otherInformation>
</additionalInformation></ResponseRecord>
"""
_SESSION = f"""<ResponseRecord><recordNumber>{{i}}</recordNumber><recordPayload><telephonyRecord>
<telephonyServiceUsage>
<partyInformation><TelephonyPartyInformation><partyNumber>3363998{{p:04d}}</partyNumber>{_TIME}{_LOCATION}
</TelephonyPartyInformation></partyInformation>
<nationalTelephonyServiceUsage><countryCode>FR</countryCode><headerID>1</headerID>
<internetAccess><nwAccessType><lTE/></nwAccessType><naDeviceId>35209900{{p:06d}}0</naDeviceId>
<gprsInformation><iMSI>20801000000{{p:04d}}</iMSI><aPN>internet</aPN></gprsInformation></internetAccess>
</nationalTelephonyServiceUsage>
</telephonyServiceUsage></telephonyRecord></recordPayload></ResponseRecord>
"""


def document(megabytes: int) -> Path:
    """A document of about so many megabytes."""
    path = FOLDER / f"records_{megabytes}.xml"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        temporary, size, i = path.with_suffix(".part"), 0, 0
        with temporary.open("w", encoding="utf-8") as file:
            file.write(_HEAD)
            while size < megabytes * 1_000_000:
                i += 1
                told = {"i": i, "p": i * 7 % 10_000, "q": i * 13 % 10_000, "n": i % 3000, "m": i % 60}
                template = _CALL if i % 2 else _SESSION
                size += file.write(template.format(**told, a=i % 3 * 120, d=i % 28 + 1, h=i % 24))
            file.write(_TAIL)
        temporary.rename(path)
    return path


def measure(path: Path) -> str:
    """Seal and read one document."""
    vault = Vault(path.parent / "vault")
    (member,) = vault.members(vault.seal(path).sha256, path.name)
    before, started, rows = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter(), 0
    for part in by_format("etsi_102657").read(member, Options()):
        rows += part.batch.num_rows if isinstance(part, Rows) and part.primary else 0
    taken, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    size, memory = path.stat().st_size / 1e6, used.ru_maxrss / 1024
    rates = f"{size / taken:>8.1f} {size / cpu:>10.1f}"
    return f"{size:>8.0f} {rows:>12,} {taken:>8.1f} {cpu:>8.1f} {rates} {memory:>8.0f}"


def main() -> None:
    """Print the table."""
    print(f"{'MB':>8} {'rows':>12} {'s':>8} {'CPU s':>8} {'MB/s':>8} {'MB/CPU s':>10} {'MB RAM':>8}")
    for size in SIZES:
        subprocess.run([sys.executable, "-m", "benchmarks.etsi", str(document(size))], check=True)
    print(f"wanted: {FLOOR} MB/s or more, less than {CEILING_MB} MB at any size")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(Path(sys.argv[1])))
    else:
        main()
