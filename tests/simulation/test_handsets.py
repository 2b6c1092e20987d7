from __future__ import annotations

import numpy as np
import pytest

from parloir.simulation.models import models
from parloir.simulation.nation import World, make_world
from parloir.simulation.parameters import load
from parloir.simulation.population import FOREVER
from parloir.simulation.times import DAY, END


@pytest.mark.parametrize("prevalence", ["0.05", "0.10", "0.20"])
def test_stock_and_flow_keep_the_prevalence(prevalence: str) -> None:
    world = make_world(load("small", 2, {"prevalence": prevalence}))
    handsets, present = world.handsets, world.population.present.sum()
    for days in (0, 120, 240):
        now = (handsets.start <= END - days * DAY) & (handsets.end > END - days * DAY)
        assert 0.72 * float(prevalence) < now.sum() / present < 1.25 * float(prevalence)
    # In a steady state what ends in a year is stock / life: a life of 3–6 months ends 2 to 4 times a year.
    ended = ((handsets.end < END) & (handsets.end > END - 180 * DAY)).sum() * 365 / 180
    stock = ((handsets.start <= END) & (handsets.end > END)).sum()
    assert 2.0 < ended / stock < 4.6


def test_sims_and_kinds(people: World) -> None:
    assert 2.3 < np.diff(people.identities.first_sim).mean() < 2.5
    share = np.bincount(people.handsets.kind, minlength=3) / people.handsets.count
    assert 0.48 < share[0] < 0.6
    assert 0.7 < (people.handsets.origin != 0).mean() < 0.95


def test_imeis_are_distinct_and_pairs_belong_together(people: World) -> None:
    imei = people.identities.imei
    every = imei[imei >= 0]
    assert np.unique(every).size > 0.999 * every.size
    two = imei[:, 1] >= 0
    assert np.all(models().slots[people.handsets.model[two]] == 2)
    assert np.all(np.abs(imei[two, 1] - imei[two, 0]) == 1)


def test_uses_lie_within_the_life_and_the_stay(people: World) -> None:
    uses, handsets = people.uses, people.handsets
    assert np.all(uses.start >= handsets.start[uses.handset])
    end = np.where(handsets.end == FOREVER, FOREVER, handsets.end)
    assert np.all(uses.end <= end[uses.handset])
    owned = np.bincount(
        uses.handset, np.where(uses.role == 0, uses.end - uses.start, 0), minlength=handsets.count
    )
    assert np.all(owned > 0)


def test_what_the_shop_sold_came_before_its_use(people: World) -> None:
    orders = people.orders
    known = orders.handset >= 0
    assert known.sum() > 20
    assert np.all(people.handsets.start[orders.handset[known]] >= orders.delivered[known])
    assert np.all(orders.ordered <= orders.delivered)
