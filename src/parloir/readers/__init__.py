"""One reader a format: sealed evidence to canonical rows, nothing lost.

`READERS` holds them all; `recognise` asks each and names the best claim; `by_format` is for `--as`.
"""

from __future__ import annotations

from parloir.errors import InputError, UnknownFormatError
from parloir.readers.carriers import CARRIERS
from parloir.readers.etsi import EtsiReader
from parloir.readers.network import NETWORK
from parloir.readers.parquet import ParquetReader
from parloir.readers.paypal import PAYPAL
from parloir.readers.prestashop import PRESTASHOP
from parloir.readers.reader import Doubts, Options, Part, Reader, Recognition, Rows, Tally
from parloir.readers.registers import REGISTERS
from parloir.readers.shopify import SHOPIFY
from parloir.readers.stripe import STRIPE
from parloir.readers.telegram import TelegramReader
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


def recognise(member: Member) -> Recognition:
    """The best claim on a file.

    Raises:
        UnknownFormatError: no reader recognises it.
    """
    claims = [claim for reader in READERS if (claim := reader.recognise(member))]
    if not claims:
        raise UnknownFormatError(
            "no reader recognises it" if member.head(1) else "the file is empty",
            where=member.file_name + (f" ({member.name})" if member.name else ""),
            do="name its format with --as, or write a layout for it (parloir layouts check)",
        )
    return max(claims, key=lambda claim: claim.certainty)


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
    "recognise",
]
