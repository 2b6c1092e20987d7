"""Contraband handsets: how each came in, who held it, who borrowed it, where it was hidden, how it ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation.circles import Society
from parloir.simulation.models import models
from parloir.simulation.occupants import Occupants
from parloir.simulation.parameters import Parameters
from parloir.simulation.population import FOREVER, Population
from parloir.simulation.prevalence import beside_the_mean, closed
from parloir.simulation.streams import Bools, Floats, Ints, stream
from parloir.simulation.times import DAY, END, HOUR
from parloir.simulation.visiting import Visits, where_inmates_were

ORIGINS = ("shop", "visit", "thrown", "staff", "drone", "older stock")
ROLES = ("owner", "borrower", "renter")


@dataclass(frozen=True)
class Handsets:
    """Every contraband handset of the history, one per index.

    Attributes:
        model: index of the models; kind: mini, ordinary or smart.
        origin: index of ORIGINS.
        start, end: switched on for the first and last time; end FOREVER while it works.
        seized: its life ended in a search.
        never_on: hidden, never used.
        cloned, rewritten: another device bears its IMEI; its IMEI changes at `rewritten_at`.
        hiding: 0 in its holder's prison cell, 1 in a neighbour's, 2 in a common room.
    """

    model: Ints
    kind: Ints
    origin: Ints
    start: Ints
    end: Ints
    seized: Bools
    never_on: Bools
    cloned: Bools
    rewritten: Bools
    rewritten_at: Ints
    hiding: Ints

    @property
    def count(self) -> int:
        """How many."""
        return int(self.model.size)


@dataclass(frozen=True)
class Uses:
    """Who used which handset where and when; `share` of its traffic; sorted by handset."""

    handset: Ints
    inmate: Ints
    prison: Ints
    start: Ints
    end: Ints
    role: Ints
    share: Floats


def smuggle(p: Parameters, world: Population, society: Society, visits: Visits) -> tuple[Handsets, Uses]:
    """Let handsets come in at the rate that keeps the prevalence, and follow each to its end."""
    rng = stream(p.seed, "handsets")
    first, start = _arrivals(p, world, society, rng)
    count = first.size
    origin = _origins(p, count, rng)
    kind = rng.choice(3, count, p=_kind_shares(p))
    kind = np.where(origin == 0, 0, kind)
    shut = closed(p, len(world.prisons))
    start = _after_visits((world, visits, shut), first, start, (origin <= 1) & (rng.random(count) < 0.8), rng)
    life = np.maximum(rng.exponential(_natural_life(p) * DAY, count), 2 * DAY).astype(np.int64)
    end = np.where(start + life < END, start + life, FOREVER)
    uses, end, lost = _follow(p, world, (first, start, end), shut)
    hiding = rng.choice(3, count, p=_hiding_shares(p))
    seized = (end < END) & ~lost & (rng.random(count) < p["searches.seized_share"])
    rewritten = rng.random(count) < p["handsets.rewritten"]
    middle = start + ((np.minimum(end, END) - start) * 0.5).astype(np.int64)
    handsets = Handsets(
        model=models().draw(kind, rng),
        kind=kind.astype(np.int64),
        origin=origin,
        start=start,
        end=end,
        seized=seized,
        never_on=rng.random(count) < p["handsets.never_on"],
        cloned=rng.random(count) < p["handsets.cloned"],
        rewritten=rewritten,
        rewritten_at=np.where(rewritten, middle, FOREVER),
        hiding=hiding.astype(np.int64),
    )
    return handsets, uses


def _natural_life(p: Parameters) -> float:
    """Days that a handset would live if no holder ever left: the leaving is a hazard of its own."""
    leaving = 1 / (p["prisons.stay_months"] * 30.44)
    leaving += p["prisons.transfers_per_place_year"] * (1 - p["handsets.carried_on_transfer"]) / 365
    hazard = 1 / p["handsets.life_days"] - leaving * (1 - p["handsets.sold_on"])
    return 1 / max(hazard, 1 / 1500)


def _kind_shares(p: Parameters) -> list[float]:
    mini, smart = p["handsets.mini_share"], p["handsets.smartphone_share"]
    shop = p["shop.handsets_from_shop"] * mini
    rest = [mini - shop, max(0.0, 1 - mini - smart), smart]
    return [share / sum(rest) for share in rest]


def _hiding_shares(p: Parameters) -> list[float]:
    own = p["searches.own_prison_cell"]
    neighbour = min(p["searches.neighbour_prison_cell"], 1 - own)
    return [own, neighbour, max(0.0, 1 - own - neighbour)]


def _origins(p: Parameters, count: int, rng: np.random.Generator) -> Ints:
    shop = p["shop.handsets_from_shop"] * p["handsets.mini_share"]
    visit = p["handsets.by_visit"] * (1 - shop)
    rest = 1 - shop - visit
    return rng.choice(6, count, p=[shop, visit, 0.4 * rest, 0.2 * rest, 0.15 * rest, 0.25 * rest]).astype(
        np.int64
    )


def _arrivals(
    p: Parameters, world: Population, society: Society, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """First holder and time of each handset: the stock at the beginning, then a steady flow."""
    stays, life = world.stays, p["handsets.life_days"] * DAY
    begin = END - int(p["world.history_days"]) * DAY
    eager = rng.gamma(0.8, 1.0, world.inmates) * np.where(society.gang >= 0, 2.5, 1.0)
    factor = beside_the_mean(p, len(world.prisons))
    stock = p["handsets.prevalence"] * (world.present * factor).sum()
    weight = eager[stays.inmate] * factor[stays.prison]
    within = (stays.start <= begin) & (stays.end - np.maximum(stays.start, begin) > 2 * HOUR)
    before = _pick(within, weight, rng, rng.poisson(stock))
    early = np.maximum(
        stays.start[before] + HOUR, begin - rng.exponential(life, before.size).astype(np.int64)
    )
    low, high = np.maximum(stays.start, begin), np.minimum(stays.end, END)
    during = _pick(high - low > DAY, weight * (high - low), rng, rng.poisson(stock * (END - begin) / life))
    late = low[during] + (rng.random(during.size) * (high - low)[during]).astype(np.int64)
    order = rng.permutation(before.size + during.size)
    inmate = np.concatenate([stays.inmate[before], stays.inmate[during]])[order]
    return inmate, np.concatenate([early, late])[order].astype(np.int64)


def _pick(allowed: Bools, weight: Floats, rng: np.random.Generator, count: int) -> Ints:
    mass = np.where(allowed, weight, 0.0)
    if not mass.any():
        return np.zeros(0, dtype=np.int64)
    return rng.choice(mass.size, count, p=mass / mass.sum()).astype(np.int64)


def _after_visits(
    of: tuple[Population, Visits, frozenset[int]],
    inmate: Ints,
    start: Ints,
    brought: Bools,
    rng: np.random.Generator,
) -> Ints:
    """Handsets brought in on a visit start some hours after the next one within 40 days, if its holder is
    still inside then, and not where no handset comes in."""
    world, visits, shut = of
    key = visits.inmate * (1 << 32) + visits.start // 1_000_000
    at = np.minimum(np.searchsorted(key, inmate * (1 << 32) + start // 1_000_000), max(key.size - 1, 0))
    if not key.size:
        return start
    soon = (
        brought
        & (visits.inmate[at] == inmate)
        & (visits.start[at] - start < 40 * DAY)
        & (visits.start[at] > start)
    )
    after = visits.end[at] + rng.integers(2, 30, start.size) * HOUR
    there = where_inmates_were(world, inmate, after)[0]
    soon &= (there >= 0) & ~np.isin(there, sorted(shut))
    return np.where(soon, after, start)


Row = tuple[int, int, int, int, int, int, float]


def _follow(
    p: Parameters, world: Population, lives: tuple[Ints, Ints, Ints], shut: frozenset[int]
) -> tuple[Uses, Ints, Bools]:
    """Holders and borrowers of each handset; its end, sooner when given up; whether it was given up."""
    occupants = Occupants(world, stream(p.seed, "occupants"))
    rows: list[Row] = []
    ends, lost = lives[2].copy(), np.zeros(lives[2].size, dtype=bool)
    last = -1
    for handset, (first, start, stop) in enumerate(zip(*(part.tolist() for part in lives), strict=True)):
        owner = _with_a_cell_mate(p, occupants, (first, last), start, shut)
        last = owner
        life = _Life(p, occupants, handset, stop, shut)
        ends[handset], lost[handset] = life.run(owner, start)
        rows.extend(life.rows)
    return _uses(rows), ends, lost


def _with_a_cell_mate(
    p: Parameters, occupants: Occupants, owners: tuple[int, int], start: int, shut: frozenset[int]
) -> int:
    """Who holds a handset first: some are held by cell-mates of another holder, so that one prison cell has
    two."""
    first, last = owners
    if last < 0 or not p["handsets.by_cell_mates"] or occupants.die() >= p["handsets.by_cell_mates"]:
        return first
    here, mates = occupants.block(last, start), occupants.cell_mates(last, start)
    return mates[0] if mates and here is not None and here[0] not in shut else first


def _uses(rows: list[Row]) -> Uses:
    table = list(zip(*rows, strict=True)) or [()] * 7
    handset, inmate, prison, start, end, role = (np.array(part, dtype=np.int64) for part in table[:6])
    return Uses(handset, inmate, prison, start, end, role, np.array(table[6], dtype=float))


class _Life:
    """One handset's way from holder to holder."""

    def __init__(
        self, p: Parameters, occupants: Occupants, handset: int, end: int, shut: frozenset[int]
    ) -> None:
        self.p, self.occupants, self.handset, self.end, self.shut = p, occupants, handset, end, shut
        self.rows: list[Row] = []

    def run(self, owner: int, start: int) -> tuple[int, bool]:
        """Its end and whether it was given up before its time."""
        now: int | None = start
        resale = start + (min(self.end, END) - start) // 2
        sold = self.occupants.die() >= self.p["handsets.resold"]
        for _ in range(12):
            stay = self.occupants.block(owner, now or 0)
            if stay is None or now is None or now >= min(self.end, END):
                break
            prison, until = stay
            leave = min(until, self.end) if sold else min(until, self.end, max(resale, now + HOUR))
            self._use(owner, prison, now, leave)
            if leave >= min(self.end, END):
                return self.end, False
            to = self.occupants.next_prison(owner, until) if leave == until else None
            stays_with = to is not None and to not in self.shut
            if stays_with and self.occupants.die() < self.p["handsets.carried_on_transfer"]:
                now = leave
                continue
            resold = leave < until
            sold |= resold
            heir = self.occupants.somebody(prison, owner, leave)
            if heir is None or (not resold and self.occupants.die() > self.p["handsets.sold_on"]):
                return leave, True
            owner, now = heir, leave + HOUR
        return min(self.end, now or self.end), True

    def _use(self, owner: int, prison: int, start: int, end: int) -> None:
        """The holder's own use, and what he lends or rents out."""
        guests = self._guests(owner, prison, start, end)
        own = 1.0 - sum(share for *_, share in guests)
        self.rows.append((self.handset, owner, prison, start, end, 0, own))
        self.rows.extend(guests)

    def _guests(self, owner: int, prison: int, start: int, end: int) -> list[Row]:
        die = self.occupants.die()
        if die < self.p.shared("handsets.rented"):
            people, role = self.occupants.neighbours(prison, owner, start, 4), 2
            each = self.p["handsets.renter_share"]
        elif die < self.p.shared("handsets.rented") + self.p.shared("handsets.borrowed"):
            people, role = self.occupants.cell_mates(owner, start)[:2], 1
            least, more = self.p["handsets.borrower_share"], self.p["handsets.borrower_spread"]
            each = least + more * self.occupants.die()
        else:
            return []
        rows: list[Row] = []
        for person in people:
            stay = self.occupants.block(person, start)
            if stay is not None and stay[0] == prison:
                rows.append((self.handset, person, prison, start, min(end, stay[1]), role, each))
        return rows
