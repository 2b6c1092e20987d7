"""One reader a format: sealed evidence to canonical rows, nothing lost.

`READERS` holds them all; `recognise` asks each and names the best claim; `by_format` is for `--as`.
"""

from __future__ import annotations

import phonenumbers

from parloir.errors import InputError, UnknownFormatError
from parloir.readers.carriers import CARRIERS
from parloir.readers.etsi import EtsiReader
from parloir.readers.layout import Layout, load
from parloir.readers.network import NETWORK
from parloir.readers.parquet import ParquetReader
from parloir.readers.paypal import PAYPAL
from parloir.readers.prestashop import PRESTASHOP
from parloir.readers.reader import Doubts, Options, Part, Reader, Recognition, Rows, Tally
from parloir.readers.registers import REGISTERS, SheetReader
from parloir.readers.shopify import SHOPIFY
from parloir.readers.stripe import STRIPE
from parloir.readers.telegram import TelegramReader
from parloir.readers.times import zone
from parloir.readers.woocommerce import WOOCOMMERCE
from parloir.vault.member import Member

READERS: tuple[Reader, ...] = (
    PRESTASHOP,
    WOOCOMMERCE,
    SHOPIFY,
    STRIPE,
    PAYPAL,
    CARRIERS,
    EtsiReader(),
    TelegramReader(),
    ParquetReader(),
    *REGISTERS,
    *NETWORK,
)
"""Every reader, in the order in which equal claims are settled."""


def recognise(member: Member, mapping: str = "") -> Recognition:
    """The claim of the layout that a person told, where it fits the file; else the best of all claims.

    Args:
        member: the file.
        mapping: as in `Options`.

    Raises:
        UnknownFormatError: no reader recognises it.
        InputError: the layout cannot be used.
    """
    claims = _by_layout(member, load(mapping)) if mapping else []
    claims = claims or [claim for reader in READERS if (claim := reader.recognise(member))]
    if not claims:
        raise _unknown(member, mapping)
    return max(claims, key=lambda claim: claim.certainty)


def _by_layout(member: Member, layout: Layout) -> list[Recognition]:
    readers = (reader for reader in READERS if isinstance(reader, SheetReader))
    return [claim for reader in readers if (claim := reader.recognise_by(member, layout))]


def _unknown(member: Member, mapping: str) -> UnknownFormatError:
    where = member.file_name + (f" ({member.name})" if member.name else "")
    if not member.head(1):
        return UnknownFormatError("the file is empty", where=where, do="ask its supplier for a whole copy")
    if mapping:
        wanted = ", ".join(load(mapping).required) or "its columns"
        what = f"no row has the headers of the layout {mapping} ({wanted}), and no reader recognises it"
        return UnknownFormatError(what, where=where, do="mend the layout (parloir layouts check)")
    do = "name its format with --as, or write a layout for it (parloir layouts check)"
    return UnknownFormatError("no reader recognises it", where=where, do=do)


def check(options: Options) -> None:
    """Look at what a person told before anything is done with it.

    Raises:
        InputError: no such country or time zone, or the layout cannot be used.
    """
    if options.country not in phonenumbers.SUPPORTED_REGIONS:
        raise InputError(
            f"“{options.country[:20]}” is not a country", do="give its two letters (ISO 3166), as FR or BE"
        )
    zone(options.timezone)
    if options.mapping:
        load(options.mapping)


def by_format(name: str) -> Reader:
    """The reader of a format.

    Raises:
        InputError: there is none of that name.
    """
    for reader in READERS:
        if reader.format == name:
            return reader
    known = ", ".join(reader.format for reader in READERS)
    raise InputError(f"there is no format “{name[:60]}”", do=f"choose one of {known}")


__all__ = [
    "READERS",
    "Doubts",
    "Options",
    "Part",
    "Reader",
    "Recognition",
    "Rows",
    "Tally",
    "by_format",
    "check",
    "recognise",
]
