"""Where handsets lie when their holder is known: learnt from the finds of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import duckdb
import numpy as np

from parloir.holders.ground import building_of
from parloir.holders.world import Prison, World

OWN, LANDING, ELSEWHERE, COMMON = PLACES = ("own", "landing", "elsewhere", "common")


@dataclass(frozen=True)
class Places:
    """s(c | I), and what it was learnt from.

    Attributes:
        shares: of `PLACES`, in sum 1: the holder's own prison cell, another one of that building, another one
            of that prison, and no prison cell at all; and all other parameters of [place].
        finds: how many finds with a named holder lay in each of `PLACES`.
    """

    shares: Mapping[str, float]
    finds: Mapping[str, int]


def learn_places(
    connection: duckdb.DuckDBPyConnection, world: World, start: Mapping[str, float], moment: int
) -> Places:
    """Posterior mean of a Dirichlet distribution; the starting shares count for `strength` finds.

    A find counts where the report names the holder and the registers know that inmate's prison cell then.

    Args:
        connection: with the canonical views.
        world: the registers.
        start: parameters of [place].
        moment: microseconds UTC; later finds do not count.
    """
    sql = files("parloir.holders").joinpath("sql/named_finds.sql").read_text(encoding="utf-8")
    counts = dict.fromkeys(PLACES, 0)
    for prison, prison_cell, found, inmate in connection.execute(sql, [moment]).fetchall():
        if prison in world.prisons and inmate in world.index:
            where = _where(world.prisons[prison], prison_cell, found, world.index[inmate])
            if where is not None:
                counts[where] += 1
    total = start["strength"] + sum(counts.values())
    learnt = {name: round((start["strength"] * start[name] + counts[name]) / total, 6) for name in PLACES}
    return Places({**start, **learnt}, counts)


def _where(prison: Prison, prison_cell: str | None, found: int, inmate: int) -> str | None:
    """Which of `PLACES` a find is for the holder; None where the holder's own prison cell is not known."""
    stays = prison.stays
    then = np.flatnonzero((stays.inmate == inmate) & (stays.start <= found) & (stays.end >= found))
    own = [str(stays.what[row]) for row in then if stays.what[row] is not None]
    if not own:
        return None
    if prison_cell is None:
        return COMMON
    if prison_cell in own:
        return OWN
    return LANDING if building_of(prison_cell) in {building_of(name) for name in own} else ELSEWHERE
