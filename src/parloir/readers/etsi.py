"""Retained data in XML: ETSI TS 102 657, telephony.

Names decide, not the version of the namespace (v1.26.1 and v1.28.1 occur). Read with an event parser that
resolves no entity and fetches nothing; a document that declares a DTD is refused, for the standard's have
none. Records are freed as they are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from parloir.errors import DamagedFileError
from parloir.readers.batches import Batches
from parloir.readers.etsi_columns import SOURCE, Converter
from parloir.readers.etsi_records import Header
from parloir.readers.reader import Options, Part, Recognition, Tally
from parloir.readers.times import zone
from parloir.vault.member import Member

LARGEST_RECORD = 16_000_000
"""Octets of one record."""
_TAGS = ("{*}ResponseRecord", "{*}responseRecord", "{*}retainedDataHeader")
_FREED_AT_ONCE = 64
_AT_ONCE, _OCTETS_AT_ONCE = 4096, 1 << 23
"""Records, and their octets, that are converted together."""


@dataclass(frozen=True)
class EtsiReader:
    """One row a party of a call or message, one a data session; radio cells where their place is told."""

    format: str = "etsi_102657"
    title: str = "ETSI TS 102 657 retained data"
    tables: tuple[str, ...] = ("network_records", "radio_cells", "requests")

    def recognise(self, member: Member) -> Recognition | None:
        """Claim XML with the names or the namespace of the standard."""
        head = member.head().replace(b"\0", b"")
        if not head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
            return None
        if (
            b"uri.etsi.org/02657" not in head
            and b"retainedDataHeader" not in head
            and b"RetainedData" not in head
        ):
            return None
        version = head.partition(b"uri.etsi.org/02657/")[2].partition(b"#")[0].strip(b"/")[:10]
        told = f" {version.decode('ascii', 'replace')}" if version else ""
        return Recognition(self.format, f"{self.title}{told}", 0.95)

    def read(self, member: Member, options: Options) -> Iterator[Part]:
        """Stream the records.

        Raises:
            DamagedFileError: not well-formed, truncated, a DTD, a record larger than any.
        """
        converter = Converter(member)
        for records, header in _together(_records(member, options)):
            if records:
                yield from converter.parts(records, header)
            else:
                batches = Batches(member, SOURCE)
                request = {"request": header.request, "operator": header.operator}
                batches.row("requests", 0, request, primary=False)
                yield from batches.rest()
        yield Tally({SOURCE: converter.count})


def _together(told: Iterator[tuple[str | None, Header]]) -> Iterator[tuple[list[str], Header]]:
    """Records that one header holds for, some at a time; none of them where a header was read."""
    waiting, octets, last = list[str](), 0, None
    for record, header in told:
        if waiting and last and (len(waiting) >= _AT_ONCE or octets > _OCTETS_AT_ONCE or record is None):
            yield waiting, last
            waiting, octets = [], 0
        if record is None:
            yield [], header
        else:
            waiting.append(record)
            octets, last = octets + len(record), header
    if waiting and last:
        yield waiting, last


def _records(member: Member, options: Options) -> Iterator[tuple[str | None, Header]]:
    """Each record with what holds for it; once without a record, when the header was read."""
    header = Header(None, None, options.country, zone(options.timezone))
    try:
        with member.open() as stream:
            counted = _Counted(stream)
            events = etree.iterparse(
                counted,
                tag=_TAGS,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            for _, element in events:
                if not counted.records:
                    # A DTD stands before all elements.
                    _refuse_dtd(element, member)
                counted.record_ends()
                if element.tag.endswith("}retainedDataHeader"):
                    header = _header(element, header)
                    yield None, header
                else:
                    yield etree.tostring(element, encoding="unicode", with_tail=False), header
                _free(element, counted.records)
            if events.root is None or not events.root.tag:
                raise _damaged(member, "it is empty")
    except etree.XMLSyntaxError as error:
        raise _damaged(member, str(error)) from error
    except _TooLargeError as error:
        raise _damaged(member, "a record is larger than 16 MB") from error


class _TooLargeError(Exception):
    """A record that does not end; becomes a DamagedFileError."""


class _Counted:
    """A stream that counts the octets since the last record."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._since, self.records = stream, 0, 0

    def read(self, size: int = -1) -> bytes:
        octets = self._stream.read(size)
        self._since += len(octets)
        if self._since > LARGEST_RECORD:
            raise _TooLargeError
        return octets

    def record_ends(self) -> None:
        """Begin to count anew."""
        self._since = 0
        self.records += 1


def _damaged(member: Member, said: str) -> DamagedFileError:
    return DamagedFileError(
        f"is not whole as XML ({' '.join(said.split())[:150]})",
        where=member.file_name,
        do="ask the operator to send it again",
    )


def _refuse_dtd(element: Any, member: Member) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise DamagedFileError(
            "declares a DTD, which no document of TS 102 657 does",
            where=member.file_name,
            do="ask the operator for the plain document",
        )


def _header(element: Any, before: Header) -> Header:
    told = {etree.QName(e).localname: (e.text or "").strip() for e in element.iter("{*}*")}
    return Header(told.get("requestNumber") or None, told.get("cSPID") or None, before.country, before.zone)


def _free(element: Any, records: int) -> None:
    """Free what a record held; the empty elements before it go all at once, now and then."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    if records % _FREED_AT_ONCE == 0 and parent is not None:
        del parent[: parent.index(element)]
