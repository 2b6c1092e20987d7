"""The truth of a world, in a folder that nothing but the scorer reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from parloir.simulation.arrow import column, digits, table, texts_of, words
from parloir.simulation.circles import Society
from parloir.simulation.handsets import ORIGINS, ROLES, Handsets, Uses
from parloir.simulation.models import KINDS, models
from parloir.simulation.parameters import Parameters
from parloir.simulation.population import Population
from parloir.simulation.searching import Hiding
from parloir.simulation.shop import Buyers, Orders
from parloir.simulation.sims import Identities, sim_owner
from parloir.simulation.streams import Ints
from parloir.simulation.times import DAY, END
from parloir.simulation.visiting import Visits


def save(folder: Path, name: str, rows: pa.Table) -> None:
    """One table of the truth."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, folder / f"{name}.parquet", compression="zstd")


def handset_truth(
    p: Parameters,
    of: tuple[Population, Society, Visits],
    lives: tuple[Handsets, Uses, Identities],
    hiding: Hiding,
    orders: Orders,
) -> pa.Table:
    """One row a handset: identities, kind, origin, life, holder and hiding place at the end of the
    records."""
    world = of[0]
    handsets, _, identities = lives
    first = END - p.size.days * DAY
    active = (handsets.start < END) & (handsets.end > first)
    inside = active & (handsets.end >= END)
    known = hiding.holder >= 0
    holder = digits(world.inmate_code[np.maximum(hiding.holder, 0)], ~known)
    prison_cells = [world.prison_cells.name(c) if c >= 0 else None for c in hiding.prison_cell.tolist()]
    imeis = [[i for i in row if i >= 0] for row in identities.imei.tolist()]
    for h in np.flatnonzero(handsets.rewritten).tolist():
        imeis[h].append(int(identities.rewritten[h]))
    prison = words(world.codes, np.maximum(hiding.prison, 0))
    return table(
        {
            "handset": np.arange(handsets.count),
            "imeis": column(imeis),
            "kind": words(KINDS, handsets.kind),
            "model": words(models().name, handsets.model),
            "origin": words(ORIGINS, handsets.origin),
            "start_us": handsets.start,
            "end_us": handsets.end,
            "active": active,
            "at_end": inside & known,
            "never_on": handsets.never_on,
            "cloned": handsets.cloned,
            "rewritten": handsets.rewritten,
            "holder": holder,
            "prison": texts_of([c if k else None for c, k in zip(prison.to_pylist(), known, strict=True)]),
            "prison_cell": texts_of(prison_cells),
            "covered": _covered(of, hiding.holder, orders),
        }
    )


def _covered(of: tuple[Population, Society, Visits], holder: Ints, orders: Orders) -> np.ndarray:
    """Whether the holder has a recorded contact, visit, transfer or linked order."""
    world, society, visits = of
    has = np.zeros(world.inmates, dtype=bool)
    has[society.ties.inmate[society.ties.approved]] = True
    has[visits.inmate] = True
    stays = world.stays
    moved = (stays.inmate[1:] == stays.inmate[:-1]) & (stays.prison[1:] != stays.prison[:-1])
    has[stays.inmate[1:][moved]] = True
    has[orders.inmate[orders.inmate >= 0]] = True
    return np.asarray(has[np.maximum(holder, 0)] & (holder >= 0), dtype=bool)


def use_truth(world: Population, uses: Uses) -> pa.Table:
    """Who used which handset where and when, and his share of its traffic."""
    return table(
        {
            "handset": uses.handset,
            "inmate": digits(world.inmate_code[uses.inmate]),
            "prison": words(world.codes, uses.prison),
            "start_us": uses.start,
            "end_us": uses.end,
            "role": words(ROLES, uses.role),
            "share": uses.share,
        }
    )


def sim_truth(identities: Identities) -> pa.Table:
    """The handset of each SIM."""
    return table(
        {"handset": sim_owner(identities), "imsi": identities.sim_imsi, "number": identities.sim_number}
    )


def person_truth(permit: Ints, shop: tuple[Buyers, Orders]) -> pa.Table:
    """Which records are one person: `source`, `record` and the person; −1 for nobody in a circle."""
    buyers, orders = shop
    visitors = np.flatnonzero(permit >= 0)
    parts = [
        ("visitor", permit[visitors], visitors),
        ("customer", np.arange(1, buyers.count + 1), buyers.person),
        ("delivery", np.arange(1, orders.count + 1), np.where(orders.gift, -1, buyers.person[orders.buyer])),
    ]
    return table(
        {
            "source": column([name for name, keys, _ in parts for _ in range(keys.size)]),
            "record": digits(np.concatenate([keys for _, keys, _ in parts])),
            "person": np.concatenate([persons for *_, persons in parts]),
        }
    )


def tie_truth(world: Population, society: Society) -> pa.Table:
    """Who belongs to whose circle."""
    ties = society.ties
    return table(
        {
            "inmate": digits(world.inmate_code[ties.inmate]),
            "person": ties.person,
            "approved": ties.approved,
            "visits": ties.visits,
            "number": society.people.number[ties.person],
        }
    )


def order_truth(world: Population, orders: Orders) -> pa.Table:
    """For whom each order was bought, and which handset it was."""
    nobody = orders.inmate < 0
    return table(
        {
            "order_id": digits(orders.identity),
            "inmate": column(world.inmate_code[np.maximum(orders.inmate, 0)], nobody).cast(pa.string()),
            "handset": column(orders.handset, orders.handset < 0),
        }
    )


def prison_cell_truth(world: Population) -> pa.Table:
    """Every occupied prison cell at the end, and how many inmates it holds: what a random search draws
    from."""
    stays = world.stays
    now = np.flatnonzero((stays.start < END) & (stays.end > END))
    prison_cell, inmates = np.unique(stays.prison_cell[now], return_counts=True)
    return table(
        {
            "prison": words(world.codes, world.prison_cells.prison[prison_cell]),
            "prison_cell": column([world.prison_cells.name(c) for c in prison_cell.tolist()]),
            "inmates": inmates,
        }
    )
