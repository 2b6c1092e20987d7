"""Findings `inside` and `same_handset`: levels and weights in words, with the rows that they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.presence.engines import for_duckdb, query
from parloir.presence.kinds import Kind, kinds
from parloir.presence.people import LEVELS, NAME, OWN, Called
from parloir.presence.plain import Summed
from parloir.tables.findings import FINDINGS
from parloir.tables.schema import arrow_schema
from parloir.weights.bits import to_millibits
from parloir.weights.fusion import ADJUSTMENT

Floats = NDArray[np.float64]
NEXT_TO = "Its IMEI follows or precedes that of a handset that is probably inside the same prison"
ROWS = 20
"""Records that a finding names, spread evenly from the first to the last; the sentence tells how many."""


@dataclass(frozen=True)
class Stay:
    """A handset's stretch in one prison, as a finding names it.

    Attributes:
        handset: number that names the handset.
        prison: identifier.
        from_us, to_us: first and last record there.
        records: how many there are.
        locators: some of them.
    """

    handset: int
    prison: str
    from_us: int
    to_us: int
    records: int
    locators: tuple[str, ...]


def locators(connection: duckdb.DuckDBPyConnection, stretches: pa.Table) -> dict[int, tuple[str, ...]]:
    """Locators of some records of each stretch.

    Args:
        connection: with the view network_records.
        stretches: stretch (int64), imei14, from_us, to_us.
    """
    connection.register("stretches", stretches)
    rows = connection.execute(for_duckdb(query("locators", {"rows": ROWS}))).fetchall()
    connection.unregister("stretches")
    named: dict[int, list[str]] = {}
    for stretch, locator in rows:
        named.setdefault(int(stretch), []).append(str(locator))
    return {stretch: tuple(sorted(names)) for stretch, names in named.items()}


@dataclass(frozen=True)
class Told:
    """What one kind of evidence says of one handset: its name, level and sentence; no level if unseen."""

    kind: str
    level: str
    sentence: str


def of_sum(stay: Stay, at: int, summed: Summed) -> list[Told]:
    """What the kinds of the sum say of the candidate `at`."""
    told = []
    for place, kind in enumerate(kinds()):
        code = int(summed.seen.codes[at, place])
        if code < 0:
            told.append(Told(kind.name, "", ""))
            continue
        figure = summed.seen.figures.get(kind.name)
        said = _seen(kind, code, stay) if figure is None else kind.told(float(figure[at]), stay.records)
        level = "" if figure is None else f" ({kind.levels[code]})"
        inside, others = (float(shares[place][code]) for shares in (summed.inside, summed.others))
        compared = (
            f"In this case {_share(inside)} of handsets used inside are taken to be at this level{level}, "
            f"and {_share(others)} of the other devices in reach"
        )
        told.append(Told(kind.name, kind.levels[code], f"{said}. {compared}"))
    return told


def of_called(talks: Called, at: int) -> Told:
    """What whom it talks to says of the candidate `at`."""
    level = int(talks.level[at])
    if level < 0:
        return Told(NAME, "", "")
    if level == OWN:
        return Told(NAME, LEVELS[OWN], "Its own number is registered as that of an inmate's people")
    met = "none" if not level else f"{int(talks.met[at])} at most"
    return Told(NAME, LEVELS[level], f"Of the numbers of any one inmate's people it was in touch with {met}")


def inside(stay: Stay, told: Sequence[Told], bits: Floats) -> Iterator[dict[str, Any]]:
    """One finding for each kind with a level, and one for the dependence adjustment.

    Args:
        stay: what they are about.
        told: what each kind says.
        bits: weight of each kind, of the neighbour in the number, and the adjustment, shape (kinds + 2,).
    """
    for one, weight in zip(told, bits[:-2], strict=True):
        if one.level:
            told_by = _support if one.kind == NAME else _counted
            sentence = f"{one.sentence}. {told_by(float(weight), _INSIDE)}"
            yield _row(stay, one.kind, one.level, float(weight), sentence)
    if bits[-2]:
        yield _row(stay, "twin", NEXT_TO, float(bits[-2]), f"{NEXT_TO}. {_support(float(bits[-2]), _INSIDE)}")
    yield _row(stay, ADJUSTMENT, "", float(bits[-1]), _adjusted(float(bits[-1])))


def same_handset(
    pair: tuple[Stay, Stay], levels: Mapping[str, tuple[str, float]]
) -> Iterator[dict[str, Any]]:
    """One finding for each trait compared: trait → (level, bits)."""
    first, second = pair
    for trait, (level, bits) in levels.items():
        yield {
            "proposition": "same_handset",
            "subject": f"handset:{first.handset}",
            "object": f"handset:{second.handset}",
            "from_us": max(first.from_us, second.from_us),
            "to_us": min(first.to_us, second.to_us),
            "evidence_kind": trait,
            "level": level,
            "millibits": int(to_millibits(bits)),
            "sentence": (
                f"IMEIs {first.handset:014d} and {second.handset:014d}, held against each other. "
                f"{trait[:1].upper()}{trait[1:]}: {level}. {_support(bits, _SAME)}"
            ),
            "locators": sorted({*first.locators, *second.locators}),
        }


def as_table(rows: list[dict[str, Any]]) -> pa.Table:
    """Findings sorted, in the canonical schema."""
    order = ("proposition", "subject", "object", "from_us", "evidence_kind")
    rows.sort(key=lambda row: tuple(row[name] for name in order))
    return pa.Table.from_pylist(rows, schema=arrow_schema(FINDINGS))


_INSIDE = ("a handset used in detention in this prison", "another device in reach of its radio cells")
_BESIDE = "Beside the other kinds, and by what was learnt on simulated worlds"
_SAME = ("one handset with two IMEIs", "two handsets of the same prison")


def _row(stay: Stay, kind: str, level: str, bits: float, sentence: str) -> dict[str, Any]:
    return {
        "proposition": "inside",
        "subject": f"handset:{stay.handset}",
        "object": f"prison:{stay.prison}",
        "from_us": stay.from_us,
        "to_us": stay.to_us,
        "evidence_kind": kind,
        "level": level,
        "millibits": int(to_millibits(bits)),
        "sentence": sentence,
        "locators": list(stay.locators),
    }


def _seen(kind: Kind, code: int, stay: Stay) -> str:
    return f"{kind.title[:1].upper()}{kind.title[1:]}: {kind.levels[code]} ({stay.records} records)"


def _share(value: float) -> str:
    if not 0.01 <= value <= 0.99:
        return "under 1 %" if value < 0.01 else "over 99 %"
    return f"{value:.0%}".replace("%", " %")


def _support(bits: float, propositions: tuple[str, str]) -> str:
    """The ratio in words: so many times as probable under one proposition as under the other."""
    if abs(bits) < 0.1:
        return f"This is about as probable for {propositions[0]} as for {propositions[1]}."
    likelier, other = propositions if bits > 0 else propositions[::-1]
    times = 2 ** abs(bits)
    shown = f"{times:,.1f}" if times < 10 else f"{times:,.0f}"
    return f"This is {shown} times as probable for {likelier} as for {other}."


def _counted(bits: float, propositions: tuple[str, str]) -> str:
    """The ratio of a kind that is weighed beside all others: not that of its shares alone."""
    if abs(bits) < 0.1:
        return f"{_BESIDE}, it counts for neither."
    likelier, other = propositions if bits > 0 else propositions[::-1]
    times = 2 ** abs(bits)
    shown = f"{times:,.1f}" if times < 10 else f"{times:,.0f}"
    return f"{_BESIDE}, it counts as {shown} times as probable for {likelier} as for {other}."


def _adjusted(bits: float) -> str:
    way = "raises" if bits > 0 else "lowers"
    return (
        "All kinds were weighed together on simulated worlds, so that what two of them say is not counted "
        f"twice; what is left, whatever the handset shows, {way} the sum by {abs(bits):.1f} bits."
    )
