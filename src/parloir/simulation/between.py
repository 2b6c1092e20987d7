"""Calls and texts between contraband handsets: gangs, relatives inside, and others who know each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation import habits
from parloir.simulation.events import KIND, Events, joined
from parloir.simulation.inside import (
    Contraband,
    Seen,
    at_habitual_hours,
    away,
    jammed,
    on_the_telephone,
    placed,
    running,
    seconds_of,
    sims_in_use,
    talk_a_day,
)
from parloir.simulation.parameters import Parameters
from parloir.simulation.streams import Bools, Floats, Ints, groups, stream
from parloir.simulation.times import DAY, END, HOUR


@dataclass(frozen=True)
class Between:
    """Calls and texts between handsets, one a row; column 0 calls column 1.

    Attributes:
        time: microseconds. seconds: 0 for texts.
        text: whether it is a text. fast: over 4G where the handset can.
        use: rows of the uses, shape (n, 2). sim: the SIMs, shape (n, 2).
    """

    time: Ints
    seconds: Ints
    text: Bools
    fast: Bools
    use: Ints
    sim: Ints


def calls_between(p: Parameters, of: Contraband) -> tuple[Between, Floats]:
    """Every call and text between two contraband handsets, and the share of each use's own traffic that is
    left beside them."""
    rng = stream(p.seed, "between")
    rows = running(p, of, np.flatnonzero(of.uses.role == 0))
    pairs = rows[_pairs(p, of, rows, rng)]
    low, high = _overlap(p, of, pairs)
    pairs, low, high = pairs[high > low + HOUR], low[high > low + HOUR], high[high > low + HOUR]
    talk = talk_a_day(p, of, np.arange(of.uses.handset.size))
    known = np.maximum(np.bincount(pairs.ravel(), minlength=talk.size), 1)
    rate = p.shared("handsets.calls_inside") * (talk / known)[pairs].min(axis=1)
    row = groups(rng.poisson(rate * (high - low) / DAY))
    time = at_habitual_hours(p, (low[row], high[row]), of.uses.inmate[pairs[row, 0]], rng)
    kept = np.flatnonzero(_possible(p, of, pairs[row], time, rng))
    row, time = row[kept], time[kept]
    use = np.where((rng.random(row.size) < 0.5)[:, None], pairs[row], pairs[row][:, ::-1])
    text = rng.random(row.size) >= 1 / (1 + p["handsets.texts_per_call"])
    sim = np.stack([sims_in_use(p, of, (of.uses.handset[use[:, k]], time), rng) for k in (0, 1)], axis=1)
    seconds = np.where(text, 0, seconds_of(np.full(row.size, KIND["call_out"]), rng))
    taken = np.zeros(talk.size)
    for side in (0, 1):
        np.add.at(taken, pairs[:, side], rate * (high - low))
    left = 1 - taken / np.maximum(talk * _span(p, of), 1.0)
    fast = rng.random(row.size) < p["handsets.smart_on_4g"]
    return Between(time, seconds, text, fast, use, sim), np.clip(left, 0.0, 1.0)


def legs(p: Parameters, of: Contraband, between: Between, prisons: tuple[int, ...]) -> Events:
    """The legs that handsets in some prisons made or took; the other leg may lie in another area."""
    return joined([_leg(p, of, between, prisons, side) for side in (0, 1)])


def _leg(p: Parameters, of: Contraband, b: Between, prisons: tuple[int, ...], side: int) -> Events:
    rows = np.flatnonzero(np.isin(of.uses.prison[b.use[:, side]], prisons))
    word, use = ("out", "in")[side], b.use[rows, side]
    able = of.handsets.kind[of.uses.handset[use]] == 2
    able |= habits.plain_on_4g(p, of.uses.handset[use])
    seen = Seen(
        use=use,
        time=b.time[rows],
        kind=np.where(b.text[rows], KIND[f"text_{word}"], KIND[f"call_{word}"]),
        duration=b.seconds[rows],
        sim=b.sim[rows, side],
        correspondent=of.identities.sim_number[b.sim[rows, 1 - side]],
        fast=able & b.fast[rows],
    )
    return placed(p, of, seen, prisons)


def _pairs(p: Parameters, of: Contraband, rows: Ints, rng: np.random.Generator) -> Ints:
    """Places in `rows` of two users who know each other, shape (pairs, 2); none twice."""
    inmate, prison = of.uses.inmate[rows], of.uses.prison[rows]
    found = np.concatenate(
        [
            _of_one_group(of.society.gang[inmate]),
            _related(of.society.relatives, inmate),
            _acquainted(p, prison, rng),
        ]
    )
    handset = of.uses.handset[rows]
    different = (inmate[found[:, 0]] != inmate[found[:, 1]]) & (handset[found[:, 0]] != handset[found[:, 1]])
    return np.unique(np.sort(found[different], axis=1), axis=0)


def _of_one_group(group: Ints) -> Ints:
    """Every pair with the same group, which is not −1."""
    order = np.argsort(group, kind="stable")
    order = order[group[order] >= 0]
    found = [np.zeros((0, 2), dtype=np.int64)]
    for step in range(1, order.size):
        same = group[order[step:]] == group[order[:-step]]
        if not same.any():
            break
        found.append(np.stack([order[:-step][same], order[step:][same]], axis=1))
    return np.concatenate(found)


def _related(relatives: Ints, inmate: Ints) -> Ints:
    """Relatives both of whom have a handset: the first use of each."""
    if not inmate.size:
        return np.zeros((0, 2), dtype=np.int64)
    order = np.argsort(inmate, kind="stable")
    at = np.minimum(np.searchsorted(inmate[order], relatives), inmate.size - 1)
    both = (inmate[order][at] == relatives).all(axis=1)
    found: Ints = order[at[both]]
    return found


def _acquainted(p: Parameters, prison: Ints, rng: np.random.Generator) -> Ints:
    """Others of the same prison, or of any prison where they may have met before, half of each."""
    who = groups(rng.poisson(p["handsets.acquaintances"] / 2, prison.size))
    order = np.argsort(prison, kind="stable")
    first = np.searchsorted(prison[order], prison[who])
    count = np.searchsorted(prison[order], prison[who], side="right") - first
    here = order[first + (rng.random(who.size) * count).astype(np.int64)]
    anywhere = (rng.random(who.size) * prison.size).astype(np.int64)
    return np.stack([who, np.where(rng.random(who.size) < 0.5, here, anywhere)], axis=1)


def _overlap(p: Parameters, of: Contraband, pairs: Ints) -> tuple[Ints, Ints]:
    low = np.maximum(of.uses.start[pairs].max(axis=1), END - p.size.days * DAY)
    return low, np.minimum(of.uses.end[pairs].min(axis=1), END)


def _span(p: Parameters, of: Contraband) -> Ints:
    """How long each use lasts within the records."""
    return np.minimum(of.uses.end, END) - np.maximum(of.uses.start, END - p.size.days * DAY)


def _possible(p: Parameters, of: Contraband, pairs: Ints, time: Ints, rng: np.random.Generator) -> Bools:
    """Neither is away, at the prison's telephone or jammed."""
    free = np.ones(time.size, dtype=bool)
    for side in (0, 1):
        inmate, prison = of.uses.inmate[pairs[:, side]], of.uses.prison[pairs[:, side]]
        free &= ~away(of.world.absences, inmate, time) & ~on_the_telephone(of.calls, inmate, time)
        free &= ~jammed(p, prison, time, rng)
        free &= ~habits.switched_off(p, of.uses.handset[pairs[:, side]], time)
    return free
