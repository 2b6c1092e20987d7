"""Opaque names for searches and bags, and their QR codes: they say nothing without the case's key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

import segno

from parloir.errors import InputError

LEAST_KEY = 16


@dataclass(frozen=True, slots=True)
class Label:
    """A name as it is printed, and its QR code.

    Attributes:
        name: ten letters and digits in two groups.
        svg: QR code of the name, model 2, error correction M (ISO/IEC 18004); black on nothing.
    """

    name: str
    svg: str


def label(key: bytes, *parts: str) -> Label:
    """The label of one thing: same key and parts, same name; without the key the name tells nothing.

    Args:
        key: secret of the operation, 16 bytes or more.
        parts: what is named, "operation", "prison", "prison cell", "bag 2".

    Raises:
        InputError: the key is too short to keep a secret.
    """
    if len(key) < LEAST_KEY:
        raise InputError(
            f"the key of the labels has {len(key)} bytes", do=f"give {LEAST_KEY} random bytes or more"
        )
    named = "".join(f"{len(part)}:{part}" for part in parts)
    digest = base64.b32encode(
        hmac.digest(key, named.encode("utf-8", "surrogatepass"), hashlib.sha256)
    ).decode()
    name = f"{digest[:5]}-{digest[5:10]}"
    return Label(name, segno.make(name, error="m", micro=False).svg_inline(border=0, scale=4))
