"""The truth of a world, in a folder that nothing but the scorer reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

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


def save(folder: Path, name: str, table: pa.Table) -> None:
    """One table of the truth."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def handset_truth(
    p: Parameters,
    of: tuple[Population, Society, Visits],
    lives: tuple[Handsets, Uses, Identities],
    hiding: Hiding,
    orders: Orders,
) -> pa.Table:
    """One row a handset: identities, kind, origin, life, holder and hiding place at the end of the records."""
    world, society, visits = of
    handsets, uses, identities = lives
    first = END - p.size.days * DAY
    active = (handsets.start < END) & (handsets.end > first)
    inside = active & (handsets.end >= END)
    known = hiding.holder >= 0
    holder = pa.array(world.inmate_code[np.maximum(hiding.holder, 0)], mask=~known).cast(pa.string())
    cells = [world.cells.name(c) if c >= 0 else None for c in hiding.cell.tolist()]
    imeis = [[i for i in row if i >= 0] for row in identities.imei.tolist()]
    for h in np.flatnonzero(handsets.rewritten).tolist():
        imeis[h].append(int(identities.rewritten[h]))
    prison = pa.array(world.codes).take(pa.array(np.maximum(hiding.prison, 0)))
    return pa.table(
        {
            "handset": np.arange(handsets.count),
            "imeis": pa.array(imeis, pa.list_(pa.int64())),
            "kind": pa.array(KINDS).take(pa.array(handsets.kind)),
            "model": pa.array(models().name).take(pa.array(handsets.model)),
            "origin": pa.array(ORIGINS).take(pa.array(handsets.origin)),
            "start_us": handsets.start,
            "end_us": handsets.end,
            "active": active,
            "at_end": inside & known,
            "never_on": handsets.never_on,
            "cloned": handsets.cloned,
            "rewritten": handsets.rewritten,
            "holder": holder,
            "prison": pa.array(np.where(known, prison.to_numpy(zero_copy_only=False), None), pa.string()),
            "prison_cell": pa.array(cells, pa.string()),
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
    return pa.table(
        {
            "handset": uses.handset,
            "inmate": pa.array(world.inmate_code[uses.inmate]).cast(pa.string()),
            "prison": pa.array(world.codes).take(pa.array(uses.prison)),
            "start_us": uses.start,
            "end_us": uses.end,
            "role": pa.array(ROLES).take(pa.array(uses.role)),
            "share": uses.share,
        }
    )


def sim_truth(identities: Identities) -> pa.Table:
    """The handset of each SIM."""
    return pa.table(
        {"handset": sim_owner(identities), "imsi": identities.sim_imsi, "number": identities.sim_number}
    )


def person_truth(world: Population, society: Society, permit: Ints, shop: tuple[Buyers, Orders]) -> pa.Table:
    """Which records are one person: `source`, `record` and the person; −1 for nobody in a circle."""
    buyers, orders = shop
    visitors = np.flatnonzero(permit >= 0)
    parts = [
        ("visitor", permit[visitors], visitors),
        ("customer", np.arange(1, buyers.count + 1), buyers.person),
        ("delivery", np.arange(1, orders.count + 1), np.where(orders.gift, -1, buyers.person[orders.buyer])),
    ]
    return pa.table(
        {
            "source": pa.array([name for name, keys, _ in parts for _ in range(keys.size)]),
            "record": pa.array(np.concatenate([keys for _, keys, _ in parts])).cast(pa.string()),
            "person": np.concatenate([persons for *_, persons in parts]),
        }
    )


def tie_truth(world: Population, society: Society) -> pa.Table:
    """Who belongs to whose circle."""
    ties = society.ties
    return pa.table(
        {
            "inmate": pa.array(world.inmate_code[ties.inmate]).cast(pa.string()),
            "person": ties.person,
            "approved": ties.approved,
            "visits": ties.visits,
            "number": society.people.number[ties.person],
        }
    )


def order_truth(world: Population, orders: Orders) -> pa.Table:
    """For whom each order was bought, and which handset it was."""
    nobody = orders.inmate < 0
    return pa.table(
        {
            "order_id": pa.array(orders.identity).cast(pa.string()),
            "inmate": pa.array(world.inmate_code[np.maximum(orders.inmate, 0)], mask=nobody).cast(
                pa.string()
            ),
            "handset": pa.array(orders.handset, mask=orders.handset < 0),
        }
    )


def cell_truth(world: Population) -> pa.Table:
    """Every occupied prison cell at the end, and how many inmates it holds: what a random search draws from."""
    stays = world.stays
    now = np.flatnonzero((stays.start < END) & (stays.end > END))
    cell, inmates = np.unique(stays.cell[now], return_counts=True)
    return pa.table(
        {
            "prison": pa.array(world.codes).take(pa.array(world.cells.prison[cell])),
            "prison_cell": pa.array([world.cells.name(c) for c in cell.tolist()]),
            "inmates": inmates,
        }
    )
