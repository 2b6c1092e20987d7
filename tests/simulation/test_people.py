from __future__ import annotations

import numpy as np

from parloir.simulation.nation import World, make_world
from parloir.simulation.parameters import load
from parloir.simulation.visiting import where_inmates_were


def test_half_of_inmates_are_never_visited(people: World) -> None:
    ties = people.society.ties
    may_be = np.zeros(people.population.inmates, dtype=bool)
    may_be[ties.inmate[ties.visits]] = True
    assert 0.45 < 1 - may_be.mean() < 0.55


def test_visits_and_calls_happen_where_the_inmate_is(people: World) -> None:
    for held in (people.visits, people.calls):
        prison, _ = where_inmates_were(people.population, held.inmate, held.start)
        assert np.array_equal(prison, held.prison)


def test_numbers_are_nobodys(people: World) -> None:
    for number in (people.society.people.number, people.identities.sim_number, people.buyers.number):
        national = np.char.zfill((number % 10**9).astype(str), 9)
        prefix = np.unique(np.char.ljust(national, 9).astype("<U2"))
        # 06 39 98 and the five fixed ranges are reserved for fiction; 07 1 and 07 2 are given to nobody.
        assert set(prefix.tolist()) <= {"63", "71", "72", "19", "26", "35", "46", "53"}
    mobile = people.society.people.number[people.society.people.number > 33_600_000_000]
    assert np.unique(mobile).size == mobile.size


def test_sharing_is_of_the_dependent_world_only() -> None:
    def shared(dependent: str) -> tuple[float, float]:
        world = make_world(load("demo", 3, {"dependent": dependent}))
        ties, uses = world.society.ties, world.uses
        circles = np.unique(np.stack([ties.person, ties.inmate]), axis=1)[0]
        return float((np.unique(circles, return_counts=True)[1] > 1).mean()), float((uses.role > 0).mean())

    assert shared("false") == (0.0, 0.0)
    people, guests = shared("true")
    assert people > 0.01
    assert guests > 0.1
