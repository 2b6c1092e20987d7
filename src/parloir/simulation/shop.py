"""The shop: who bought which handset for whom, under which name and address."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation.circles import Society
from parloir.simulation.handsets import Handsets, Uses
from parloir.simulation.names import draw
from parloir.simulation.numbers import Numbers
from parloir.simulation.parameters import Parameters
from parloir.simulation.streams import Bools, Ints, distinct_codes, groups, stream
from parloir.simulation.times import DAY, END, HOUR


@dataclass(frozen=True)
class Buyers:
    """Customers of the shop, one per index.

    Attributes:
        person: index among people outside, −1 for somebody in no circle.
        family, given, birth, number, street, house, town: of the customer himself.
        guest: bought without an account. pseudonym: under a made-up name.
        protected: a lawyer or magistrate.
    """

    person: Ints
    family: Ints
    given: Ints
    birth: Ints
    number: Ints
    street: Ints
    house: Ints
    town: Ints
    guest: Bools
    pseudonym: Bools
    protected: Bools

    @property
    def count(self) -> int:
        """How many."""
        return int(self.person.size)


@dataclass(frozen=True)
class Orders:
    """Orders of the shop, sorted by time; `identity` is the shop's key.

    Attributes:
        buyer: index of the buyers.
        inmate: bought for this inmate, −1 for nobody in prison.
        handset: the contraband handset, −1 for none of them.
        units: how many handsets.
        first_unit: first place in the shop's sales.
        ordered, delivered: times.
        gift: delivered to another person. relay: index of the relay point, −1 when delivered home.
    """

    identity: Ints
    buyer: Ints
    inmate: Ints
    handset: Ints
    units: Ints
    first_unit: Ints
    ordered: Ints
    delivered: Ints
    gift: Bools
    relay: Ints

    @property
    def count(self) -> int:
        """How many."""
        return int(self.buyer.size)


def sell(
    p: Parameters, society: Society, lives: tuple[Handsets, Uses], numbers: Numbers, towns: int
) -> tuple[Buyers, Orders, Ints]:
    """Orders, buyers, and each handset's place in the sales (−1 when it is not of the shop)."""
    rng = stream(p.seed, "shop")
    handsets, uses = lives
    of_shop = np.flatnonzero((handsets.origin == 0) & (handsets.start > END - p["world.history_days"] * DAY))
    first_use = np.searchsorted(uses.handset, of_shop)
    inmate = uses.inmate[first_use]
    person = _buying_person(p, society, inmate, rng)
    others = int(of_shop.size * p["shop.other_buyers"] / (1 - p["shop.other_buyers"]))
    start = END - int(p["world.history_days"]) * DAY
    elsewhere = start + (rng.random(others) * (END - start)).astype(np.int64)
    # The others wait as long, or the first and last days of the shop's year would tell them apart.
    wanted = np.concatenate([handsets.start[of_shop], elsewhere])
    delivered = wanted - rng.integers(1, 12, wanted.size) * DAY - rng.integers(0, 20, wanted.size) * HOUR
    ordered = (
        delivered - rng.integers(2, 6, delivered.size) * DAY + rng.integers(0, 24, delivered.size) * HOUR
    )
    buyers, which = _buyers(p, society, np.concatenate([person, np.full(others, -1)]), numbers, (towns, rng))
    order = np.argsort(ordered, kind="stable")
    units = np.where(rng.random(order.size) < 0.8, 1, rng.integers(2, 5, order.size))
    resale = rng.random(order.size) < 0.01
    units = np.where(resale, rng.integers(10, 40, order.size), units)
    first_unit = np.cumsum(units) - units
    orders = Orders(
        identity=np.arange(1, order.size + 1) + 118,
        buyer=which[order],
        inmate=np.concatenate([inmate, np.full(others, -1)])[order],
        handset=np.concatenate([of_shop, np.full(others, -1)])[order],
        units=units,
        first_unit=first_unit,
        ordered=ordered[order],
        delivered=delivered[order],
        gift=rng.random(order.size) < p["shop.gift"],
        relay=np.where(
            rng.random(order.size) < p["shop.relay"],
            buyers.town[which[order]] * 4 + rng.integers(0, 4, order.size),
            -1,
        ),
    )
    sold = np.full(handsets.count, -1, dtype=np.int64)
    known = orders.handset >= 0
    sold[orders.handset[known]] = first_unit[known]
    return buyers, orders, sold


def _buying_person(p: Parameters, society: Society, inmate: Ints, rng: np.random.Generator) -> Ints:
    """A visitor of the inmate, another member of the circle, or somebody whom no register knows (−1)."""
    ties = society.ties
    first = np.searchsorted(ties.inmate, inmate)
    counts = np.searchsorted(ties.inmate, inmate + 1) - first
    die = rng.random(inmate.size)
    chosen = np.full(inmate.size, -1, dtype=np.int64)
    for row in range(inmate.size):
        rows = np.arange(first[row], first[row] + counts[row])
        visiting = rows[ties.visits[rows]]
        if die[row] < p["shop.buyer_visits"] and visiting.size:
            chosen[row] = ties.person[visiting[int(rng.integers(visiting.size))]]
        elif die[row] < p["shop.buyer_visits"] + p["shop.buyer_circle"] and rows.size:
            chosen[row] = ties.person[rows[int(rng.integers(rows.size))]]
    return chosen


def _buyers(
    p: Parameters, society: Society, person: Ints, numbers: Numbers, how: tuple[int, np.random.Generator]
) -> tuple[Buyers, Ints]:
    """Customers and, for each order, its customer; strangers buy once or twice."""
    towns, rng = how
    known, of_known = np.unique(person[person >= 0], return_inverse=True)
    strangers = int((person < 0).sum())
    count = known.size + strangers
    which = np.empty(person.size, dtype=np.int64)
    which[person >= 0] = of_known
    which[person < 0] = known.size + rng.permutation(
        np.maximum(np.arange(strangers) - (rng.random(strangers) < 0.1), 0)
    )
    order = rng.permutation(count)
    back = np.argsort(order)
    family, given = draw(rng, count)
    everyone = np.concatenate([known, np.full(strangers, -1)])
    people, inside = society.people, everyone >= 0
    at = np.maximum(everyone, 0)
    fresh = numbers.mobile(society.numbers_used + np.arange(count))
    second = inside & (people.second[at] >= 0) & (rng.random(count) < 0.5)
    number = np.where(inside, np.where(second, people.second[at], people.number[at]), fresh)
    number = np.where(inside & (rng.random(count) < 0.12), fresh, number)
    columns = {
        "person": everyone,
        "family": np.where(inside, people.family[at], family),
        "given": np.where(inside, people.given[at], given),
        "birth": np.where(inside, people.birth[at], rng.integers(-25 * 365, 36 * 365, count)),
        "number": number,
        "street": np.where(inside, people.street[at], rng.integers(0, 10_000, count)),
        "house": np.where(inside, people.house[at], rng.integers(1, 180, count)),
        "town": np.where(inside, people.town[at], rng.integers(0, towns, count)),
        "guest": rng.random(count) < p["shop.guest"],
        "pseudonym": rng.random(count) < p["shop.pseudonym"],
        "protected": ~inside & (rng.random(count) < 0.04),
    }
    return Buyers(**{name: column[order] for name, column in columns.items()}), back[which]


def cartons(orders: Orders, spare: float, box: int) -> tuple[Ints, Ints]:
    """Every unit of the shop (sold and left over) and its order (index, −1 in the store room)."""
    sold = int(orders.units.sum())
    left = int(np.ceil(sold * spare / box)) * box
    return np.arange(sold + left), np.concatenate([groups(orders.units), np.full(left, -1)])


def references(count: int, seed: int) -> list[str]:
    """Nine capital letters, as PrestaShop makes them."""
    rng = stream(seed, "references")
    codes = distinct_codes(rng, count, 0, 26**8)
    return ["".join(chr(65 + code // 26**place % 26) for place in range(9)) for code in codes.tolist()]
