"""Handset models and the IMEIs made from them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from parloir.simulation.streams import Floats, Ints, mix, permuted

KINDS = ("mini", "ordinary", "smart", "modem")
SERIALS = 1_000_000


@dataclass(frozen=True)
class Models:
    """All models, an index each.

    Attributes:
        name: as sellers write it.
        kind: index of KINDS.
        slots: SIM slots, each with an IMEI.
        share: within the kind, sums to 1.
        tacs: type allocation codes of each model.
    """

    name: tuple[str, ...]
    kind: Ints
    slots: Ints
    share: Floats
    tacs: tuple[tuple[int, ...], ...]

    def draw(self, kinds: Ints, rng: np.random.Generator) -> Ints:
        """A model of each kind asked for."""
        chosen = np.zeros(kinds.size, dtype=np.int64)
        for kind in range(len(KINDS)):
            rows, of_kind = np.flatnonzero(kinds == kind), np.flatnonzero(self.kind == kind)
            chosen[rows] = rng.choice(of_kind, rows.size, p=self.share[of_kind])
        return chosen

    def tac(self, models: Ints, die: Ints) -> Ints:
        """A type allocation code of each model, by a die of any size."""
        counts = np.array([len(t) for t in self.tacs])
        table = np.zeros((len(self.tacs), int(counts.max())), dtype=np.int64)
        for row, codes in enumerate(self.tacs):
            table[row, : len(codes)] = codes
        return np.asarray(table[models, die % counts[models]], dtype=np.int64)


@cache
def models() -> Models:
    """The models of models.toml."""
    document = tomllib.loads((files("parloir.simulation") / "models.toml").read_text(encoding="utf-8"))
    rows = [(kind, entry) for kind in KINDS for entry in document[kind]]
    kinds = np.array([KINDS.index(kind) for kind, _ in rows], dtype=np.int64)
    shares = np.array([float(entry["share"]) for _, entry in rows])
    total = np.bincount(kinds, shares)
    return Models(
        name=tuple(entry["name"] for _, entry in rows),
        kind=kinds,
        slots=np.array([entry["slots"] for _, entry in rows], dtype=np.int64),
        share=shares / total[kinds],
        tacs=tuple(tuple(entry["tacs"]) for _, entry in rows),
    )


CONTRABAND = 20_000
"""Scattered serials of a type code that contraband handsets may take; outsiders' come after them."""


def scattered(index: Ints, tac: Ints, salt: int) -> Ints:
    """Serial numbers of six digits in no order, one of each pair, distinct for index below 500,000 of one
    type code."""
    own = mix(tac, salt) & ((1 << 20) - 1)
    place = permuted(index ^ own, 20, salt)
    while (place >= SERIALS // 2).any():
        place = np.where(place >= SERIALS // 2, permuted(place ^ own, 20, salt), place)
    return place * 2 + mix(place + tac, salt) % 2


def carton_serial(unit: Ints, box: int) -> Ints:
    """Serial numbers of the shop's units: one of each pair, in a row within a carton."""
    return unit // box * 2_753 % 10_000 * 100 + unit % box * (100 // box) + mix(unit, 9) % 2


def carton_model(unit: Ints, box: int) -> Ints:
    """The mini that a unit of the shop is: four cartons of a model follow one another."""
    minis = np.flatnonzero(models().kind == 0)
    return np.asarray(minis[unit // (4 * box) % minis.size], dtype=np.int64)


def carton_imei(unit: Ints, box: int) -> Ints:
    """First IMEI14 of a unit of the shop."""
    return models().tac(carton_model(unit, box), unit // (4 * box)) * SERIALS + carton_serial(unit, box)
