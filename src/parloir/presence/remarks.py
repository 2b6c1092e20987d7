"""Sentences beside a result: which IMEIs were split, are in doubt or count once, and who is left out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parloir.presence.copies import LEAST_TIMES
from parloir.presence.handsets import AT_ONCE, FAR, TURNS, Handsets
from parloir.presence.merging import Naming
from parloir.presence.scene import Scene

SHOWN = {
    FAR: f"at two places at once, at least {LEAST_TIMES} times, too far apart for one handset",
    TURNS: "going to and fro between prisons, each SIM staying at its own and no number called from both",
    AT_ONCE: "in use with two SIMs at the same moment, by people with no number in common",
}
"""Why an IMEI was split."""


def remarks(seen: Scene, naming: Naming) -> tuple[str, ...]:
    """What is said beside the result."""
    return (
        *([seen.clock] if seen.clock else []),
        *_split(seen.handsets),
        *_unsplit(len(seen.handsets.unsplit)),
        *_doubtful(seen),
        *_linked(len(naming.links)),
        *_left_out(seen.left_out),
    )


def _split(told: Handsets) -> Iterator[str]:
    for why, shown in SHOWN.items():
        imeis = [imei14 for imei14, reason in told.why.items() if reason == why]
        if imeis:
            copies = int(np.isin(told.imei14, np.array(imeis, dtype=np.int64)).sum())
            bear = "bear it" if len(imeis) == 1 else "bear them"
            yield (
                f"{_imeis(len(imeis))} seen {shown}. It is taken that {copies} handsets {bear}: "
                "they are told apart by their SIMs, and each is weighed alone."
            )


def _unsplit(many: int) -> Iterator[str]:
    if many:
        yield (
            f"{_imeis(many)} seen at two places at once under one SIM: nothing tells the copies apart, so "
            "all records of the IMEI are weighed as one handset. Read its days and places with that in mind."
        )


def _doubtful(seen: Scene) -> Iterator[str]:
    """Those that changed prison on the day of a known transfer are in no doubt."""
    moved = np.unique(seen.handsets.imei14[seen.stints.handset[seen.single["move"] == 0]])
    many = int((~np.isin(np.array(seen.handsets.doubtful, dtype=np.int64), moved)).sum())
    if many:
        yield (
            f"{_imeis(many)} seen at one prison and later at another, with another SIM, no correspondent in "
            "common and no transfer known on that day. The handset was moved and given a new SIM, or two "
            "handsets bear one IMEI: the records do not tell. It is weighed as one."
        )


def _linked(many: int) -> Iterator[str]:
    if many:
        pairs = "1 pair of IMEIs behaves" if many == 1 else f"{many:,} pairs of IMEIs behave"
        once = "counts" if many == 1 else "count"
        yield (
            f"{pairs} as one handset with two SIM slots and {once} once: what speaks for that and against it "
            "is told with the handset."
        )


def _left_out(many: int) -> Iterator[str]:
    if many:
        yield (
            f"{many:,} handsets were not weighed: at prisons whose radio cells alone were asked "
            "for, they have records in lock-up hours on fewer than a quarter of their days."
        )


def _imeis(many: int) -> str:
    return "1 IMEI was" if many == 1 else f"{many:,} IMEIs were"
