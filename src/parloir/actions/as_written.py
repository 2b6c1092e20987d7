"""Values of canonical rows in the form in which people find them in the sealed file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from parloir.identifiers import imei, radio_cell
from parloir.provenance import COLUMNS


def as_written(row: Mapping[str, Any]) -> dict[str, str]:
    """Values worth showing, as text; several in one field are joined by a comma.

    An IMEI has its 15 digits, a radio cell its network and numbers, a time that came with an offset from
    UTC stands in that local time; other times stay microseconds.
    """
    shown: dict[str, str] = {}
    for name, value in row.items():
        if name in COLUMNS or name.endswith("offset_min") or value in (None, "", []):
            continue
        if local := _local(row, name):
            shown[name.removesuffix("_us")] = local
        else:
            shown[name.replace("imei14", "imei")] = _text(name, value)
    return shown


def _text(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_text(name, entry) for entry in value)
    if isinstance(value, int) and name in ("imei14", "imeis"):
        return imei.label(value)
    if isinstance(value, int) and name.startswith("radio_cell"):
        return radio_cell.text(value)
    return str(value)


def _local(row: Mapping[str, Any], name: str) -> str:
    """The time of a column `…_us` with its offset, empty without one."""
    own = f"{name.removesuffix('_us')}_offset_min"
    offset = row.get(own, row.get("offset_min"))
    if not name.endswith("_us") or offset is None:
        return ""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=row[name])
        return moment.astimezone(timezone(timedelta(minutes=offset))).isoformat(" ")
    except (OverflowError, ValueError):  # a clock that was out by thousands of years
        return ""
