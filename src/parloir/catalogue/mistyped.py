"""IMEIs typed wrong from a label: the check digit betrays them, the runs of the case tell what was meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from parloir.catalogue.learnt import RUN_GAP, SERIALS
from parloir.identifiers import imei


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a label may have said.

    Attributes:
        label: 15 digits with the right check digit.
        change: what was typed wrong, in words.
        model: of the run that it fits.
        distance: serial numbers between it and the run; 0 inside.
    """

    label: str
    change: str
    model: str
    distance: int


def corrections(written: str, learnt: pa.Table, gap: int = RUN_GAP) -> list[Proposal]:
    """Valid labels one digit or one swap of neighbours away that fit a run of the case.

    Luhn's rule notices every single wrong digit and every swap of neighbours but 09 and 90 (ISO/IEC 7812-1,
    annex B); it does not tell which digit was wrong, so that the runs must.

    Args:
        written: as typed; anything but 15 digits with a wrong check digit has no correction.
        learnt: the case's own codes, schema `catalogue.LEARNT`.
        gap: serial numbers beside a run that still count as near it.

    Returns:
        the nearest to a run first.
    """
    digits = "".join(character for character in written if character in "0123456789")
    parsed = imei.parse(digits) if len(digits) == 15 else None
    if parsed is None or parsed.check == "ok":
        return []
    runs = learnt.to_pylist()
    found = [
        Proposal(label, change, run["model"], far)
        for label, change in _neighbours(digits)
        for run in runs
        if (far := _distance(label, run)) is not None and far <= gap
    ]
    return sorted(found, key=lambda one: (one.distance, one.label, one.model))


def _neighbours(digits: str) -> Iterator[tuple[str, str]]:
    """Valid labels one digit or one swap away, each with what was typed wrong."""
    for place, digit in enumerate(digits):
        for other in "0123456789":
            label = digits[:place] + other + digits[place + 1 :]
            if other != digit and _valid(label):
                yield label, f"digit {place + 1} typed {digit} for {other}"
    for place in range(len(digits) - 1):
        first, second = digits[place], digits[place + 1]
        label = digits[:place] + second + first + digits[place + 2 :]
        if first != second and _valid(label):
            yield label, f"digits {place + 1} and {place + 2} swapped"


def _valid(label: str) -> bool:
    return imei.luhn_digit(int(label[:14])) == int(label[14])


def _distance(label: str, run: dict[str, int]) -> int | None:
    tac, serial = divmod(int(label[:14]), SERIALS)
    if tac != int(run["tac"]):
        return None
    return max(run["serial_from"] - serial, serial - run["serial_to"], 0)
