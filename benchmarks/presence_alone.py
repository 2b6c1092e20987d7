"""What the prefilter leaves out where a prison's radio cells alone were asked for: handsets inside, others.

`python -m benchmarks.presence_alone [SIZE SEED …]` (small 11 12 when none is given). Of the simulated records
only those are shown that answer such requests; the wide areas and single handsets are taken away.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa

from parloir.presence.aggregates import Dwell, prefiltered, serving, sites
from parloir.presence.engines import duckdb_engine, query
from parloir.presence.reach import CellList, reach
from parloir.presence.visibility import NOWHERE, Alone, asked_for, radio_cells_alone
from parloir.trials.presence import pairs_inside
from parloir.trials.presence_sweeps import only
from parloir.trials.weighed import Setting, World, build

FOLDER = Path("bench-data/presence-weigh")


def kept(world: World) -> tuple[set[int], set[int]]:
    """IMEIs that pass the prefilter of every request, and those that pass that of the radio cells alone."""
    connection, dwell = world.store.connect(), Dwell()
    only(connection, "network_records", "R")
    only(connection, "requests", "R")
    prisons, listed, requests = (
        connection.execute(f"SELECT * FROM {name}").to_arrow_table()
        for name in ("prisons", "radio_cells", "requests")
    )
    prisons = prisons.sort_by("prison")
    cells = CellList.of(listed)
    met = reach(prisons, cells)
    site = sites(met, prisons.num_rows)
    alone = radio_cells_alone(requests, asked_for(requests, prisons, cells)[0], met, site)
    with duckdb_engine(connection) as engine:
        engine.put("serving", serving(met, site))
        engine.keep("reach", query("reach", {"offset_min": dwell.offset_min}))

        def passing(where: Alone) -> set[int]:
            return set(pa.concat_tables(prefiltered(engine, dwell, where).parts)["imei14"].to_pylist())

        return passing(NOWHERE), passing(alone)


def main() -> None:
    """Print a line for each world, and all together."""
    told = sys.argv[1:] if Path(sys.argv[0]).stem == "presence_alone" else []
    size, *seeds = told or ("small", "11", "12")
    rows = []
    for seed in seeds:
        world = build(Setting(size, int(seed)), FOLDER)
        usual, alone = kept(world)
        inside = {imei14 for imei14, _ in pairs_inside(world.truth)}
        rows.append(
            [
                len(usual & inside),
                len(usual & inside - alone),
                len(usual - inside),
                len(usual - inside - alone),
            ]
        )
        _tell(f"{size} {seed}", rows[-1])
    _tell("together", np.array(rows).sum(axis=0).tolist())


def _tell(name: str, row: list[int]) -> None:
    inside, lost, others, left_out = row
    print(
        f"{name}: of {inside:,} handsets inside {lost:,} are left out ({lost / max(inside, 1):.2%}), "
        f"of {others:,} others {left_out:,} ({left_out / max(others, 1):.1%})",
        flush=True,
    )


if __name__ == "__main__":
    main()
