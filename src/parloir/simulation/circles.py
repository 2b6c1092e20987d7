"""People outside: who stays in touch with which inmate, who visits, whose number is approved.

In the dependent world, relatives inside share a circle, gangs share contacts and a visitor sees two inmates;
in
the independent world every person belongs to one inmate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation.names import draw
from parloir.simulation.numbers import Numbers
from parloir.simulation.parameters import Parameters
from parloir.simulation.population import Population
from parloir.simulation.streams import Bools, Ints, groups, stream, within

RELATIONS = ("mère", "père", "conjoint", "frère", "sœur", "ami", "amie", "cousin", "enfant")


@dataclass(frozen=True)
class People:
    """Persons outside, one per index.

    Attributes:
        family, given: indexes of names.
        birth: days since 1970.
        number, second: E.164 digits; second −1 where there is none.
        street, house, town: indexes; town is that of a prison's area.
        mail: index of the mail address, −1 where there is none.
    """

    family: Ints
    given: Ints
    birth: Ints
    number: Ints
    second: Ints
    street: Ints
    house: Ints
    town: Ints
    mail: Ints

    @property
    def count(self) -> int:
        """How many."""
        return int(self.family.size)


@dataclass(frozen=True)
class Ties:
    """Who belongs to whose circle, sorted by inmate.

    Attributes:
        inmate, person: indexes.
        relation: index of RELATIONS.
        approved: stands on the inmate's list of approved numbers.
        visits: holds a visiting permit for the inmate.
        called: is called on a contraband handset, if the inmate has one.
        by_known_number: called on `number`; otherwise on another number that no register knows.
        other_number: that other number.
        weight: how often, relative.
    """

    inmate: Ints
    person: Ints
    relation: Ints
    approved: Bools
    visits: Bools
    called: Bools
    by_known_number: Bools
    other_number: Ints
    weight: Ints

    def of(self) -> Ints:
        """First row of each inmate and the end: `rows[i]:rows[i + 1]`."""
        return np.searchsorted(self.inmate, np.arange(int(self.inmate.max()) + 2))


@dataclass(frozen=True)
class Society:
    """People outside, their ties, the gang of each inmate (−1 none), and pairs of relatives inside, shape
    (pairs, 2)."""

    people: People
    ties: Ties
    gang: Ints
    relatives: Ints
    numbers_used: int


def gather(p: Parameters, world: Population, numbers: Numbers) -> Society:
    """Draw everybody outside who matters to somebody inside."""
    rng = stream(p.seed, "circles")
    alone = rng.random(world.inmates) < p["people.alone"]
    inmate = groups(np.where(alone, 0, 1 + rng.poisson(p["people.circle_mean"] - 1, world.inmates)))
    person = np.arange(inmate.size)
    gang, gang_ties = _gangs(p, world, person.size, rng)
    relation = rng.integers(0, len(RELATIONS), inmate.size)
    relatives, (extra_inmate, extra_person) = _relatives(p, world, (inmate, person), rng)
    count = person.size + int(gang_ties[2])
    people = _people(p, world, (inmate, relation, count), numbers, rng)
    all_inmate = np.concatenate([inmate, gang_ties[0], extra_inmate])
    all_person = np.concatenate([person, gang_ties[1], extra_person])
    kinship = np.concatenate([relation, np.full(gang_ties[0].size, 5), rng.integers(0, 5, extra_inmate.size)])
    order = np.lexsort((rng.permutation(all_inmate.size), all_inmate))
    in_gang = np.concatenate(
        [np.zeros(inmate.size, bool), np.ones(gang_ties[0].size, bool), np.zeros(extra_inmate.size, bool)]
    )
    ties = _ties(
        p, (all_inmate[order], all_person[order], kinship[order], in_gang[order]), (numbers, 2 * count), rng
    )
    return Society(people, ties, gang, relatives, 2 * count + ties.inmate.size)


def _gangs(
    p: Parameters, world: Population, first: int, rng: np.random.Generator
) -> tuple[Ints, tuple[Ints, Ints, int]]:
    """Gang of each inmate, and the ties to the gang's contacts (inmates, persons, how many persons)."""
    gang = np.full(world.inmates, -1, dtype=np.int64)
    members = np.flatnonzero(rng.random(world.inmates) < p.shared("people.gang_share"))
    home = world.stays.prison[np.searchsorted(world.stays.inmate, members)]
    members = members[np.lexsort((rng.random(members.size), home))]
    gang[members] = np.arange(members.size) // int(p["people.gang_size"])
    each = int(p["people.gang_contacts"])
    contacts = (int(gang.max()) + 1) * each if members.size else 0
    inmate = np.repeat(members, each)
    person = first + np.repeat(gang[members], each) * each + np.tile(np.arange(each), members.size)
    kept = rng.random(inmate.size) < 0.7
    return gang, (inmate[kept], person[kept], contacts)


def _relatives(
    p: Parameters, world: Population, ties: tuple[Ints, Ints], rng: np.random.Generator
) -> tuple[Ints, tuple[Ints, Ints]]:
    """Pairs of relatives inside, and the ties that follow: the second keeps most of the first one's circle
    too, and the family name."""
    chosen = np.flatnonzero(rng.random(world.inmates) < p.shared("people.family_share") / 2)
    other = rng.integers(0, max(world.inmates, 1), chosen.size)
    chosen, other = chosen[chosen != other], other[chosen != other]
    world.family[other] = world.family[chosen]
    begin = np.searchsorted(ties[0], chosen)
    counts = np.searchsorted(ties[0], chosen + 1) - begin
    rows = np.repeat(begin, counts) + within(counts)
    kept = rng.random(rows.size) < 0.65
    return np.stack([chosen, other], axis=1), (np.repeat(other, counts)[kept], ties[1][rows][kept])


def _people(
    p: Parameters,
    world: Population,
    circle: tuple[Ints, Ints, int],
    numbers: Numbers,
    rng: np.random.Generator,
) -> People:
    """Names, numbers and homes; close relatives mostly bear the inmate's family name and live together."""
    inmate, relation, count = circle
    family, given = draw(rng, count)
    own = inmate.size
    shares = (relation <= 4) | (relation >= 7)
    shares &= rng.random(own) < 0.6
    family[:own] = np.where(shares, world.family[inmate], family[:own])
    given = np.where(rng.random(count) < 0.5, given, draw(rng, count)[1])
    first = np.concatenate(
        [
            world.stays.prison[np.searchsorted(world.stays.inmate, inmate)],
            rng.integers(0, len(world.prisons), count - own),
        ]
    )
    near = rng.random(count) < 0.55
    town = np.where(near, first, rng.integers(0, len(world.prisons), count))
    street, house = rng.integers(0, 10_000, count), rng.integers(1, 180, count)
    together = (rng.random(own) < 0.45) & shares
    leader = np.searchsorted(inmate, inmate)
    for column in (street, house, town):
        column[:own] = np.where(together, column[leader], column[:own])
    index = np.arange(count)
    fixed = rng.random(count) < 0.06
    number = np.where(fixed, numbers.fixed(index), numbers.mobile(index))
    second = np.where(rng.random(count) < p["people.second_number"], numbers.mobile(count + index), -1)
    birth = rng.integers(-25 * 365, 36 * 365, count)
    mail = np.where(rng.random(count) < 0.7, index, -1)
    return People(family, given, birth, number, second, street, house, town, mail)


def _ties(
    p: Parameters, rows: tuple[Ints, Ints, Ints, Bools], spare: tuple[Numbers, int], rng: np.random.Generator
) -> Ties:
    inmate, person, relation, in_gang = rows
    count, visited = inmate.size, int(inmate.max()) + 1
    seen = rng.random(visited) * (1 - p["people.alone"]) < 1 - p["people.never_visited"]
    first = np.concatenate([[True], inmate[1:] != inmate[:-1]])
    visits = seen[inmate] & (first | (rng.random(count) < np.where(in_gang, 0.1, 0.4)))
    known = rng.random(count) >= min(0.95, (1 - p["handsets.known_number"]) * p["world.noise"])
    approved = (rng.random(count) < p["people.approved"]) & (~in_gang | (rng.random(count) < 0.4))
    return Ties(
        inmate=inmate,
        person=person,
        relation=relation,
        approved=approved,
        visits=visits,
        called=rng.random(count) >= min(0.95, (1 - p["handsets.circle_called"]) * p["world.noise"]),
        by_known_number=known,
        other_number=spare[0].mobile(spare[1] + np.arange(count)),
        weight=np.ceil(rng.lognormal(2.0, p["people.weight_spread"], count)).astype(np.int64),
    )
