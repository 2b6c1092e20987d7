"""How many handsets to expect in each prison cell at a given moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parloir.holders.activity import DAY_US, LIFE
from parloir.holders.ground import Ground, Mass
from parloir.holders.searched import Searched
from parloir.holders.world import World

Floats = npt.NDArray[np.float64]


def expected_handsets(
    posteriors: pa.Table,
    world: World,
    moment: int,
    place: Mapping[str, float],
    searched: Searched | None = None,
) -> pa.Table:
    """Σ_D P(D ∈ c) for every occupied prison cell c, and P(at least one) if handsets were independent.

    P(D ∈ c) = P(inside and still active) · [Σ_I P(I) · s(c | I) + P(nobody known) · s(c)], with s the place
    parameters: the holder's own prison cell, another one of its building, another one of the prison; of a
    user whom nobody knows, or who is gone, the prison cells as many times as they have occupants. A search
    since the handset's last record that did not find it multiplies by 1 − q what lay where it was made, and
    what is left is divided by the probability of not having found the handset. In the holder's own prison
    cell a handset goes where the holder goes: what counts there are searches of the prison cells that the
    holder had at the time.

    To that comes what no record shows (`searched.unseen`), as many times as a prison cell has occupants, and
    more where an order leads to one of them; such handsets are taken as independent of all others.

    Args:
        posteriors: as `Holders.posteriors`.
        world: the registers; occupancy is that of the moment.
        moment: microseconds UTC of the search.
        place: probabilities own, landing, elsewhere, unknown, and find_rate, q.
        searched: what searches before that moment found and did not find, and what that tells of others.

    Returns:
        prison, prison_cell, expected_handsets, probability; sorted by prison and prison cell.
    """
    known, moved = searched or Searched(), _last_begun(world, moment)
    names, cells, expected, none = [], [], [np.zeros(0)], [np.zeros(0)]
    for name, mass in _masses(posteriors, world, moment, known):
        searches = [s for s in known.of_prison.get(name, ()) if s[0] < moment]
        ground = Ground(world.prisons[name], moment, place, searches, moved)
        found, missing = ground.expected(mass)
        hidden = ground.unseen(float(mass.there.sum()), known.unseen)
        names += [name] * found.size
        cells += [str(prison_cell) for prison_cell in ground.prison_cells]
        expected.append(found + hidden)
        none.append(missing - hidden)
    return pa.table(
        {
            "prison": pa.array(names, pa.string()),
            "prison_cell": pa.array(cells, pa.string()),
            "expected_handsets": _column(np.concatenate(expected)),
            "probability": _column(1 - np.exp(np.concatenate(none))),
        }
    )


def _last_begun(world: World, moment: int) -> npt.NDArray[np.int64]:
    """When the stay of each inmate at that moment began; of several, as registers may tell, the last one."""
    begun = np.full(world.inmates.size, np.iinfo(np.int64).min)
    for prison in world.prisons.values():
        stays = prison.stays
        then = np.flatnonzero((stays.start <= moment) & (stays.end >= moment))
        np.maximum.at(begun, stays.inmate[then], stays.start[then])
    return begun


def _column(values: Floats) -> pa.DoubleArray:
    return pa.array(np.round(values, 6), pa.float64())


def _masses(posteriors: pa.Table, world: World, moment: int, known: Searched) -> Iterator[tuple[str, Mass]]:
    """Prison by prison, the handsets that no search has found; of millions of rows one prison's at a time."""
    gone = pc.or_(posteriors["seized"], pc.is_in(posteriors["handset"], pa.array(known.seized, pa.int64())))
    there = np.flatnonzero(~gone.to_numpy())
    prison: Any = posteriors["prison"].combine_chunks().dictionary_encode()
    codes, handset = prison.indices.to_numpy()[there], posteriors["handset"].to_numpy()[there]
    order, names = there[np.lexsort((handset, codes))], prison.dictionary.to_pylist()
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    numbered = _numbered(posteriors, world)
    for code in sorted(range(len(names)), key=names.__getitem__):
        own = order[ends[code - 1] if code else 0 : ends[code]]
        if names[code] in world.prisons and own.size:
            yield names[code], _mass(numbered.take(own), moment)


def _numbered(posteriors: pa.Table, world: World) -> pa.Table:
    """Inmates by their number, prisons left out: rows of numbers are taken from in a moment."""
    inmates: Any = posteriors["inmate"].combine_chunks().dictionary_encode()
    names = inmates.dictionary.to_pylist()
    numbers = np.array([world.index.get(str(name), -1) for name in names], dtype=np.int64)
    bare = posteriors.drop_columns(["prison", "inmate"])
    return bare.append_column("number", pa.array(numbers[inmates.indices.to_numpy()])).combine_chunks()


def _mass(rows: pa.Table, moment: int) -> Mass:
    _, first, handset = np.unique(rows["handset"].to_numpy(), return_index=True, return_inverse=True)
    each = rows.take(first)
    return Mass(
        handset.astype(np.int64),
        rows["number"].to_numpy(),
        rows["probability"].to_numpy(),
        _still_there(each, moment),
        each["last_us"].to_numpy(),
    )


def _still_there(each: pa.Table, moment: int) -> Floats:
    """P(inside and still in use at that moment): what the records show, then as handsets last on average.

    Runs of earlier versions did not reckon with habits: they count from the last record.
    """
    seen_until, habit = each["last_us"].to_numpy(), np.ones(each.num_rows)
    if "until_us" in each.column_names:
        until, alive = each["until_us"].to_numpy(), each["alive"].to_numpy()
        seen_until = np.where(each["until_us"].is_valid(), until, seen_until)
        habit = np.where(each["alive"].is_valid(), alive, habit)
    days = np.maximum((moment - seen_until) / DAY_US, 0.0)
    return np.asarray(each["inside"].to_numpy() * habit * np.exp(-days / LIFE.days))
