"""Weigh which handsets live inside which prison: from canonical tables to findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.places import Coverage
from parloir.presence import findings as words
from parloir.presence.belief import Belief
from parloir.presence.counts import counts
from parloir.presence.coverage import as_coverage
from parloir.presence.engines import Engine, engine_of
from parloir.presence.hearing import hear
from parloir.presence.kept import Kept
from parloir.presence.merging import Naming, name_handsets
from parloir.presence.parameters import Parameters, default
from parloir.presence.people import Called, called
from parloir.presence.plain import Summed
from parloir.presence.plain import seen as levels_of
from parloir.presence.posterior import believed, posterior
from parloir.presence.remarks import remarks
from parloir.presence.result import ACTIVITY, CANDIDATES, HANDSETS, INSIDE, Presence
from parloir.presence.scene import DAY_US, Scene, scene
from parloir.presence.twins import twin_bits
from parloir.tables.schema import arrow_schema
from parloir.weights.bits import to_millibits

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is (0 when not known)."""
SILENT_DAYS, ENTERED_DAYS = 7, 7
"""A stretch that ends, or begins, so many days from its site's last, or first, record has a status of it."""


@dataclass(frozen=True)
class Weighed:
    """Every candidate's weight.

    Attributes:
        bits: unbounded, shape (candidates,).
        bars: weight of each kind, of whom it talks to, of the neighbour in the number, and the adjustment;
            they add up to `bits`.
        chance: posterior, shape (candidates,).
        prior: of the candidate's prison, shape (candidates,).
        summed: the sum of what the records show.
        called: whom it talks to.
        belief: what is not known of the weights.
    """

    bits: Floats
    bars: Floats
    chance: Floats
    prior: Floats
    summed: Summed
    called: Called
    belief: Belief


def weigh(
    connection: duckdb.DuckDBPyConnection,
    parameters: Parameters | None = None,
    progress: Progress | None = None,
    engine: Engine | Kept | None = None,
    people: pa.Table | None = None,
) -> Presence:
    """Which handsets live inside, and since when.

    Same tables, parameters and version: the same bytes.

    Args:
        connection: canonical tables as views (`Store.connect`), empty where there is no evidence.
        parameters: `default()` when None.
        progress: told what is being done.
        engine: where the aggregates run, or are kept; by the setting PARLOIR_ENGINE when None.
        people: prison, inmate, number: by which the people of everybody there are known; None tells nothing.

    Raises:
        InputError: PARLOIR_ENGINE names no engine that is there.
    """
    used, told = parameters or default(), progress or (lambda *_: None)
    told("reading network records", 0, 3)
    seen = _scene(connection, engine, used)
    told("learning coverage and what is common here", 1, 3)
    weighed = weights(seen, used, (connection, people))
    told("putting findings into words", 2, 3)
    return _presence(connection, seen, weighed, used)


def _scene(connection: duckdb.DuckDBPyConnection, engine: Engine | Kept | None, used: Parameters) -> Scene:
    if isinstance(engine, Kept):
        return scene(connection, engine, used.dwell)
    with engine_of(connection, engine) as running:
        return scene(connection, running, used.dwell)


def weights(
    seen: Scene, parameters: Parameters, people: tuple[duckdb.DuckDBPyConnection, pa.Table | None]
) -> Weighed:
    """Weight and posterior of every candidate; people as of `weigh`, with the records."""
    pairs = seen.candidates
    summed = hear(levels_of(seen), seen.candidates, parameters.plain)
    placed = summed.seen.placed
    talks = called(people[0], seen, people[1], (placed, summed.bits))
    own = summed.bits + talks.bits
    alone, before = posterior(placed, own)
    twin = twin_bits(seen, alone, before[pairs.prison])
    bits = own + twin
    offset = summed.bits - summed.single.sum(axis=1)
    bars = np.column_stack([summed.single, talks.bits, twin, offset])
    chance, share = posterior(placed, bits)
    belief = believed(placed, bits)
    return Weighed(bits, bars, np.round(chance, 6), np.round(share[pairs.prison], 6), summed, talks, belief)


def _presence(
    connection: duckdb.DuckDBPyConnection, seen: Scene, weighed: Weighed, used: Parameters
) -> Presence:
    naming = name_handsets(connection, seen, weighed.chance)
    number = naming.number[seen.stints.handset[seen.candidates.stint]]
    shown = np.flatnonzero(weighed.chance >= used.least_probability)
    kept = _strongest(seen, weighed, number, shown)
    stays = _stays(connection, seen, number, kept)
    rows: list[dict[str, Any]] = []
    for at, stay in stays.items():
        told = [
            *words.of_sum(stay, at, weighed.summed),
            words.of_called(weighed.called, at),
        ]
        rows += words.inside(stay, told, weighed.bars[at])
    rows += _pair_findings(naming, stays)
    prison, chance = _per_handset(seen, weighed, number)
    return Presence(
        words.as_table(rows),
        _inside(seen, weighed, number, kept),
        _handsets(seen, naming, number[kept]),
        counts(seen.prison_names, prison, chance, weighed.belief),
        _candidates(seen, weighed, number),
        _activity(seen, number, kept),
        _coverage(seen, weighed),
        remarks(seen, naming),
    )


def _strongest(seen: Scene, weighed: Weighed, number: Numbers, shown: Numbers) -> Numbers:
    """Of two IMEIs of one handset in one prison at one time, the stronger candidate alone."""
    pairs = seen.candidates
    order = shown[np.lexsort((-weighed.bits[shown], pairs.prison[shown], number[shown]))]
    kept: list[int] = []
    for at in order:
        last = [
            one for one in kept[-8:] if number[one] == number[at] and pairs.prison[one] == pairs.prison[at]
        ]
        if not any(_overlap(seen, pairs.stint[one], pairs.stint[at]) for one in last):
            kept.append(int(at))
    return np.array(sorted(kept), dtype=np.int64)


def _overlap(seen: Scene, one: int, other: int) -> bool:
    first, last = seen.stints.first, seen.stints.last
    return bool(first[one] <= last[other] and first[other] <= last[one])


def _stays(
    connection: duckdb.DuckDBPyConnection, seen: Scene, number: Numbers, kept: Numbers
) -> dict[int, words.Stay]:
    stint = seen.candidates.stint[kept]
    stretches = pa.table(
        {
            "stretch": kept,
            "imei14": seen.handsets.imei14[seen.stints.handset[stint]],
            "from_us": seen.seen.from_us[stint],
            "to_us": seen.seen.to_us[stint],
        }
    )
    named = words.locators(connection, stretches)
    prisons = seen.prison_names
    return {
        int(at): words.Stay(
            int(number[at]),
            prisons[int(seen.candidates.prison[at])],
            int(seen.seen.from_us[one]),
            int(seen.seen.to_us[one]),
            int(seen.seen.records[one]),
            named.get(int(at), ()),
        )
        for at, one in zip(kept, stint, strict=True)
    }


def _pair_findings(naming: Naming, stays: dict[int, words.Stay]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for link in naming.links:
        first = next((stay for at, stay in stays.items() if at in (link.first, link.second)), None)
        if first is None:
            continue
        other = replace(first, handset=link.other_imei14)
        rows += words.same_handset((replace(first, handset=link.imei14), other), link.levels)
    return rows


def _per_handset(seen: Scene, weighed: Weighed, number: Numbers) -> tuple[Numbers, Floats]:
    """Each handset once in each prison, with its highest probability there."""
    keys, place = np.unique(np.stack([number, seen.candidates.prison]), axis=1, return_inverse=True)
    chance = np.zeros(keys.shape[1])
    np.maximum.at(chance, place, weighed.chance)
    return keys[1], chance


def _inside(seen: Scene, weighed: Weighed, number: Numbers, kept: Numbers) -> pa.Table:
    stint = seen.candidates.stint[kept]
    prisons = np.array(seen.prison_names, dtype=object)
    table = pa.table(
        {
            "handset": number[kept],
            "prison": pa.array(prisons[seen.candidates.prison[kept]].tolist(), pa.string()),
            "from_us": seen.seen.from_us[stint],
            "to_us": seen.seen.to_us[stint],
            "millibits": to_millibits(weighed.bits[kept]),
            "probability": weighed.chance[kept],
            "status": pa.array(_status(seen, stint), pa.string()),
        },
        schema=arrow_schema(INSIDE),
    )
    return table.sort_by([("handset", "ascending"), ("from_us", "ascending"), ("prison", "ascending")])


def _status(seen: Scene, stint: Numbers) -> list[str]:
    stints, first, last = seen.stints, seen.seen.from_us, seen.seen.to_us
    if not stints.size:
        return []
    size = int(stints.site.max()) + 1
    begins, ends = np.full(size, np.iinfo(np.int64).max), np.zeros(size, dtype=np.int64)
    np.minimum.at(begins, stints.site, first)
    np.maximum.at(ends, stints.site, last)
    before = np.append(False, np.diff(stints.handset) == 0)
    site = stints.site[stint]
    chosen = np.select(
        [
            before[stint],
            last[stint] < ends[site] - SILENT_DAYS * DAY_US,
            first[stint] > begins[site] + ENTERED_DAYS * DAY_US,
        ],
        ["moved", "fell_silent", "entered"],
        "stayed",
    )
    return [str(one) for one in chosen]


def _handsets(seen: Scene, naming: Naming, shown: Numbers) -> pa.Table:
    wanted = np.isin(naming.number, shown)
    pairs = np.unique(np.stack([naming.number[wanted], seen.handsets.imei14[wanted]]), axis=1)
    return pa.table({"imei14": pairs[1], "handset": pairs[0]}, schema=arrow_schema(HANDSETS))


def _candidates(seen: Scene, weighed: Weighed, number: Numbers) -> pa.Table:
    pairs = seen.candidates
    prisons = np.array(seen.prison_names, dtype=object)
    bars = to_millibits(weighed.bars)
    columns = {
        "imei14": seen.handsets.imei14[seen.stints.handset[pairs.stint]],
        "handset": number,
        "prison": pa.array(prisons[pairs.prison].tolist(), pa.string()),
        "from_us": seen.seen.from_us[pairs.stint],
        "to_us": seen.seen.to_us[pairs.stint],
        "millibits": to_millibits(weighed.bits),
        "probability": weighed.chance,
        "prior": weighed.prior,
        **{column.name: bars[:, place] for place, column in enumerate(CANDIDATES[8:])},
    }
    return pa.table(columns, schema=arrow_schema(CANDIDATES))


def _activity(seen: Scene, number: Numbers, kept: Numbers) -> pa.Table:
    """Hours of each day, all SIMs and radio cells of the prison together."""
    pairs, rows = seen.candidates, seen.rows
    of_stint = np.full(seen.stints.size, -1, dtype=np.int64)
    of_stint[pairs.stint[kept]] = kept
    at = np.flatnonzero(of_stint[rows.stint] >= 0)
    owner, day = of_stint[rows.stint[at]], rows.day[at]
    begins = np.flatnonzero(np.append(True, (np.diff(owner) != 0) | (np.diff(day) != 0))[: at.size])
    hours = np.bitwise_or.reduceat(rows.hours[at], begins) if begins.size else begins
    names = np.array(seen.prison_names, dtype=object)
    columns = {
        "handset": number[owner[begins]],
        "prison": pa.array(names[pairs.prison[owner[begins]]].tolist(), pa.string()),
        "day": day[begins],
        "hours": hours,
    }
    return pa.table(columns, schema=arrow_schema(ACTIVITY))


def _coverage(seen: Scene, weighed: Weighed) -> tuple[Coverage, ...]:
    pairs, own = seen.candidates, seen.candidates.own
    cell, prison = pairs.own_slots.radio_cell, pairs.own_slots.place
    slots = cell.size
    total = np.bincount(own.slot, own.count, minlength=slots).astype(np.float64)
    inside = np.bincount(own.slot, own.count * weighed.chance[own.owner], minlength=slots).astype(np.float64)
    result = []
    for place, name in enumerate(seen.prison_names):
        mine = np.flatnonzero(prison == place)
        share = inside[mine] / max(float(inside[mine].sum()), 1e-9)
        result.append(as_coverage(name, cell[mine], share, inside[mine], total[mine]))
    return tuple(result)
