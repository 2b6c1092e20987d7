"""How an evidence item was read, as its chain of custody tells it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from parloir.readers.reader import Options
from parloir.records.custody import chain
from parloir.records.models import EvidenceItem
from parloir.vault import Kind


def options_of(row: EvidenceItem) -> Options | None:
    """What its reader was told; None when it has not been read."""
    told = _last_reading(row).get("options")
    if not isinstance(told, dict):
        return None
    names = {field.name for field in fields(Options)}
    return Options(**{name: value for name, value in told.items() if name in names})


def format_of(row: EvidenceItem) -> str:
    """The format that a person named for it; empty when it was told by content."""
    return str(_last_reading(row).get("told", ""))


def _last_reading(row: EvidenceItem) -> dict[str, Any]:
    reads = [
        event
        for event in chain(row.case)
        if event.kind == Kind.READ and event.details.get("number") == row.number
    ]
    return dict(reads[-1].details) if reads else {}
