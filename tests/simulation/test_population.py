from __future__ import annotations

import numpy as np

from parloir.simulation.nation import World
from parloir.simulation.parameters import load
from parloir.simulation.population import choose_prisons, populate
from parloir.simulation.times import DAY, END


def test_the_nation_is_the_published_one() -> None:
    prisons, present = choose_prisons(load("nation", 1, {}))
    assert len(prisons) == 186
    assert present.sum() == 89_163


def test_nobody_is_in_two_prison_cells_at_once(people: World) -> None:
    stays = people.population.stays
    same = stays.inmate[1:] == stays.inmate[:-1]
    assert np.all(stays.start[1:][same] >= stays.end[:-1][same])
    assert np.all(stays.end > stays.start)


def test_prison_cells_hold_no_more_than_their_beds(people: World) -> None:
    stays, prison_cells = people.population.stays, people.population.prison_cells
    for days in (0, 90, 300):
        now = (stays.start <= END - days * DAY - 1) & (stays.end > END - days * DAY - 1)
        held = np.bincount(stays.prison_cell[now], minlength=prison_cells.prison.size)
        assert (held > prison_cells.places).mean() < 0.01


def test_the_prisons_stay_as_full_as_they_were(people: World) -> None:
    stays = people.population.stays
    for days in (0, 180, 360):
        now = (stays.start <= END - days * DAY - 1) & (stays.end > END - days * DAY - 1)
        assert 0.93 < now.sum() / people.population.present.sum() < 1.07


def test_mean_stay_is_8_3_months(people: World) -> None:
    world = people.population
    came = (world.committed > END - 365 * DAY) & (world.committed < END - 300 * DAY)
    # Of those who came at the beginning, the share still inside after t is exp(−t / mean).
    left = (world.released[came] < END).mean()
    months = ((END - world.committed[came]) / DAY / 30.44).mean()
    assert abs(-months / np.log(1 - left) - 8.3) < 1.0


def test_transfers_a_place_year(people: World) -> None:
    stays = people.population.stays
    moved = (stays.inmate[1:] == stays.inmate[:-1]) & (stays.prison[1:] != stays.prison[:-1])
    assert 0.7 < moved.sum() / people.population.present.sum() < 1.0


def test_absences_lie_within_the_stay(people: World) -> None:
    world = people.population
    absences = world.absences
    assert np.all(absences.start >= world.committed[absences.inmate])
    assert np.all(absences.end <= world.released[absences.inmate])


def test_another_seed_is_another_country() -> None:
    one, two = (populate(load("demo", seed, {})) for seed in (1, 2))
    assert set(one.inmate_code.tolist()) != set(two.inmate_code.tolist())


def test_each_prison_holds_its_published_number_at_the_end(people: World) -> None:
    world = people.population
    now = (world.stays.start < END) & (world.stays.end > END)
    held = np.bincount(world.stays.prison[now], minlength=len(world.prisons))
    assert np.array_equal(held, world.present)
    assert held.sum() == 9_000
