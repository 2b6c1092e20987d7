"""What weighing gives: the tables and what is said beside them."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from parloir.places import Coverage
from parloir.presence.kinds import kinds
from parloir.tables.schema import INTEGER, REAL, TEXT, TIME, Column
from parloir.weights.fusion import ADJUSTMENT

INSIDE = (
    Column("handset", INTEGER, "number that names the handset: its lowest IMEI14"),
    Column("prison", TEXT, "prison"),
    Column("from_us", TIME, "first record there"),
    Column("to_us", TIME, "last record there"),
    Column("millibits", INTEGER, "weight against any other device in reach, unbounded"),
    Column("probability", REAL, "investigative: that it was used inside, 1e-6 steps"),
    Column("status", TEXT, "moved (from another prison), fell_silent, entered, or stayed all the period"),
)
"""One row a handset and stretch of time in a prison; improbable ones are left out."""

HANDSETS = (
    Column("imei14", INTEGER, "IMEI without its check digit"),
    Column("handset", INTEGER, "number that names the handset"),
)
"""Which IMEIs are one handset. A copy of a cloned IMEI has 100,000,000,000,000 added to its number."""

CANDIDATES = (
    Column("imei14", INTEGER, "IMEI without its check digit"),
    *INSIDE[:-1],
    Column("prior", REAL, "share of handsets inside among the candidates of the prison"),
    *(Column(kind.name, INTEGER, f"millibits: {kind.title}") for kind in kinds()),
    Column("people", INTEGER, "millibits: numbers of the people of an inmate of the prison"),
    Column("twin", INTEGER, "millibits: next in number to a handset that is probably inside the same prison"),
    Column(ADJUSTMENT, INTEGER, "millibits: what counting nothing twice takes away or adds"),
)
"""Every handset that passed the prefilter, a column of millibits a kind: for scoring, never for leads."""


ACTIVITY = (
    Column("handset", INTEGER, "number that names the handset"),
    Column("prison", TEXT, "prison"),
    Column("day", INTEGER, "local days since 1970-01-01"),
    Column("hours", INTEGER, "bit h is set when a record at the prison began in local hour h"),
)
"""When each handset was active."""


@dataclass(frozen=True)
class Presence:
    """The result of weighing.

    Attributes:
        findings: `tables.findings`: propositions `inside` and `same_handset`.
        inside: schema `INSIDE`.
        handsets: schema `HANDSETS`, of those in `inside`.
        counts: schema `counts.COUNTS`.
        candidates: schema `CANDIDATES`.
        activity: schema `ACTIVITY`, of those in `inside`.
        coverage: learnt, a prison each.
        remarks: sentences on what was set aside or could not be told.
    """

    findings: pa.Table
    inside: pa.Table
    handsets: pa.Table
    counts: pa.Table
    candidates: pa.Table
    activity: pa.Table
    coverage: tuple[Coverage, ...]
    remarks: tuple[str, ...]
