"""Who was in which prison cell when: look-ups for the lives of handsets."""

from __future__ import annotations

import numpy as np

from parloir.simulation.population import Population


class Occupants:
    """Look-ups into the stays, and the dice that go with them."""

    def __init__(self, world: Population, rng: np.random.Generator) -> None:
        stays = world.stays
        self._inmate, self._prison = stays.inmate.tolist(), stays.prison.tolist()
        self._prison_cell, self._start, self._end = (
            stays.prison_cell.tolist(),
            stays.start.tolist(),
            stays.end.tolist(),
        )
        self._first = np.searchsorted(stays.inmate, np.arange(world.inmates + 1)).tolist()
        self._by_prison_cell = _rows_by(stays.prison_cell, world.prison_cells.prison.size)
        self._by_prison = _rows_by(stays.prison, len(world.prisons))
        self._rng = rng
        self._dice: list[float] = []

    def die(self) -> float:
        """The next random number in [0, 1)."""
        if not self._dice:
            self._dice = self._rng.random(4096).tolist()
        return self._dice.pop()

    def _row(self, inmate: int, time: int) -> int | None:
        for row in range(self._first[inmate], self._first[inmate + 1]):
            if self._start[row] <= time < self._end[row]:
                return row
        return None

    def block(self, inmate: int, time: int) -> tuple[int, int] | None:
        """The prison at a time and until when he stays there, whatever the prison cell."""
        row = self._row(inmate, time)
        if row is None:
            return None
        last = self._first[inmate + 1] - 1
        while row < last and self._prison[row + 1] == self._prison[row]:
            row += 1
        return self._prison[row], self._end[row]

    def next_prison(self, inmate: int, time: int) -> int | None:
        """Where he is moved to at the end of a block, None when released."""
        row = self._row(inmate, time)
        return None if row is None else self._prison[row]

    def cell_mates(self, inmate: int, time: int) -> list[int]:
        """Who shares the prison cell at a time."""
        row = self._row(inmate, time)
        return [] if row is None else self.in_prison_cell(self._prison_cell[row], inmate, time)

    def in_prison_cell(self, prison_cell: int, but: int, time: int) -> list[int]:
        """Who is in a prison cell at a time, but one."""
        rows = self._by_prison_cell[prison_cell]
        return [
            self._inmate[r] for r in rows if self._start[r] <= time < self._end[r] and self._inmate[r] != but
        ]

    def prison_cell(self, inmate: int, time: int) -> int | None:
        """The prison cell at a time."""
        row = self._row(inmate, time)
        return None if row is None else self._prison_cell[row]

    def somebody(self, prison: int, but: int, time: int) -> int | None:
        """Anybody else in a prison at a time: a cell-mate first, else at random."""
        mates = self.cell_mates(but, time - 1)
        if mates and self.die() < 0.4:
            return mates[int(self.die() * len(mates))]
        found = self.neighbours(prison, but, time, 1)
        return found[0] if found else None

    def neighbours(self, prison: int, but: int, time: int, count: int) -> list[int]:
        """Up to so many others of a prison at a time, at random."""
        rows, found = self._by_prison[prison], []
        for _ in range(12 * count):
            row = rows[int(self.die() * len(rows))]
            person = self._inmate[row]
            if self._start[row] <= time < self._end[row] and person != but and person not in found:
                found.append(person)
                if len(found) == count:
                    break
        return found


def _rows_by(values: np.ndarray, count: int) -> list[list[int]]:
    order = np.argsort(values, kind="stable")
    cuts = np.searchsorted(values[order], np.arange(1, count))
    return [part.tolist() for part in np.split(order, cuts)]
