"""IMEIs and SIMs of the contraband handsets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation.handsets import ROLES, Handsets, Uses
from parloir.simulation.models import CONTRABAND, SERIALS, carton_imei, models, scattered
from parloir.simulation.numbers import Numbers, imsi
from parloir.simulation.parameters import Parameters
from parloir.simulation.streams import Ints, groups, stream

BOX = 50
"""Handsets in one carton of the shop, with serial numbers in a row."""


@dataclass(frozen=True)
class Identities:
    """What the network sees of each handset.

    Attributes:
        imei: IMEI14 by slot, shape (handsets, 2); −1 for a slot that is not there.
        rewritten: IMEI14 after it was rewritten.
        box: carton of the shop, −1 for the others.
        first_sim: first SIM of each handset and the end, shape (handsets + 1,).
        sim_operator, sim_imsi, sim_number: by SIM.
    """

    imei: Ints
    rewritten: Ints
    box: Ints
    first_sim: Ints
    sim_operator: Ints
    sim_imsi: Ints
    sim_number: Ints


def identify(
    p: Parameters, lives: tuple[Handsets, Uses], sold: Ints, numbers: Numbers, first_number: int
) -> Identities:
    """Give every handset its IMEIs and SIMs; `sold` is the handset's place in the shop's sales, −1
    elsewhere."""
    rng = stream(p.seed, "sims")
    handsets, uses = lives
    count = handsets.count
    box = np.where(sold >= 0, sold // BOX, -1)
    imei = _imeis(p, handsets, sold, rng)
    sims = 1 + rng.poisson(p["handsets.sims_mean"] - 1, count) + _renters_sims(p, uses, count)
    total = int(sims.sum())
    operator = rng.integers(0, 3, total)
    return Identities(
        imei=imei,
        rewritten=35_000_000_000_000 + rng.integers(0, 900_000, count) * 1_000_003,
        box=box,
        first_sim=np.concatenate([[0], np.cumsum(sims)]),
        sim_operator=operator,
        sim_imsi=imsi(operator, np.arange(total), p.seed),
        sim_number=numbers.mobile(first_number + np.arange(total)),
    )


def _renters_sims(p: Parameters, uses: Uses, count: int) -> Ints:
    """SIMs that a handset sees besides because those who rent it bring their own, shape (count,)."""
    rented = np.bincount(uses.handset[uses.role == ROLES.index("renter")], minlength=count) > 0
    return rented * stream(p.seed, "renters' sims").poisson(p["handsets.sims_rented"], count)


def _imeis(p: Parameters, handsets: Handsets, sold: Ints, rng: np.random.Generator) -> Ints:
    """Handsets of the shop have serials in the order of its cartons; the others are scattered."""
    book = models()
    tac = book.tac(handsets.model, rng.integers(0, 1 << 30, handsets.count))
    other = tac * SERIALS + scattered(_place_in_group(tac), tac, p.seed)
    first = np.where(sold >= 0, carton_imei(np.maximum(sold, 0), BOX), other)
    # Places from the other end of those that contraband handsets may take.
    code = first // SERIALS
    apart = code * SERIALS + scattered(CONTRABAND - 1 - _place_in_group(code) % CONTRABAND, code, p.seed)
    unrelated = stream(p.seed, "unrelated IMEIs").random(handsets.count) < p["handsets.imeis_unrelated"]
    other_slot = np.where(unrelated, apart, first + 1 - 2 * (first % 2))
    second = np.where(book.slots[handsets.model] > 1, other_slot, -1)
    return np.stack([first, second], axis=1)


def _place_in_group(values: Ints) -> Ints:
    """How many equal values stood before each."""
    order = np.argsort(values, kind="stable")
    counts = np.unique(values, return_counts=True)[1]
    place = np.empty(values.size, dtype=np.int64)
    place[order] = np.arange(values.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return place


def sim_owner(identities: Identities) -> Ints:
    """The handset of each SIM."""
    return groups(np.diff(identities.first_sim))
