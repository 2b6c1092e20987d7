"""What a product's name says of the thing sold: its model, and the IMEI where it is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

from parloir.catalogue import match_model
from parloir.identifiers import imei
from parloir.readers.columnar import Array

_IMEI = re.compile(r"(?<![0-9])[0-9]{15}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Goods:
    """Columns: catalogue model and IMEI14, null where not told."""

    model: Array
    imei14: Array


def goods(product: Array, reference: Array) -> Goods:
    """Read names and references of products."""
    names, references = product.to_pylist(), reference.to_pylist()
    found = [_told(name or "", other or "") for name, other in zip(names, references, strict=True)]
    return Goods(pa.array([m for m, _ in found], pa.string()), pa.array([i for _, i in found], pa.int64()))


def card_digits(column: Any) -> Array:
    """The last four digits of card numbers, whatever hides the others; null where there are not four."""
    last = [re.sub(r"[^0-9]", "", text or "")[-4:] for text in column.to_pylist()]
    return pa.array([digits if len(digits) == 4 else None for digits in last], pa.string())


@lru_cache(maxsize=4096)
def _told(product: str, reference: str) -> tuple[str | None, int | None]:
    model = match_model(product) or match_model(reference)
    return (model.key if model else None), imei_in(f"{product} {reference}")


def imei_in(text: str) -> int | None:
    """The IMEI14 of the first 15 digits in a row whose check digit is right."""
    for written in _IMEI.findall(text):
        found = imei.parse(written)
        if found and found.check == "ok":
            return found.imei14
    return None
