"""Handsets weighed in several processes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from parloir.holders import load_parameters, say_holders, weigh_holders
from tests.holders.small_world import DAY, HANDSET, START, SmallWorld, inmate, segment


def three_prisons() -> SmallWorld:
    """Forty handsets in turn in three prisons, so that what the processes say has to be put in order."""
    world = SmallWorld()
    for number in range(60, 120):
        name, prison = inmate(number), "PQR"[number % 3]
        world.add("inmates", inmate=name)
        world.add("stays", inmate=name, prison=prison, prison_cell=f"B-{number // 2}", from_us=START)
    for number in range(120):
        world.people(number, [33639980000 + number, 33639981000 + number // 2])
    for at in range(40):
        world.calls([33639980000 + 3 * at, 33639981000 + at, 33639985000], imei14=HANDSET + at)
    return world


def in_order(findings: pa.Table) -> pa.Table:
    """As a run sorts them: a part's findings stand together."""
    return duckdb.connect().from_arrow(findings).order("ALL").to_arrow_table()


def test_several_processes_say_the_same_bytes(tmp_path: Path) -> None:
    segments = [segment(HANDSET + at, prison="PQR"[at % 3], to_us=START + 99 * DAY) for at in range(40)]
    connection, inside = three_prisons().case(tmp_path, segments)

    alone = weigh_holders(connection, inside, load_parameters())
    apart = say_holders(connection, inside, load_parameters(), processes=2)

    assert alone.findings.num_rows > 100
    assert in_order(alone.findings).equals(in_order(apart.findings))
    assert alone.leads.equals(apart.leads)
    assert alone.posteriors.equals(apart.posteriors)
    assert (alone.weighed, alone.pairs) == (apart.weighed, apart.pairs)
    assert alone.pairs == sum(block.codes.shape[1] for block in alone.handsets.blocks)


def test_more_processes_than_prisons_leave_one_without_handsets(tmp_path: Path) -> None:
    world = SmallWorld()
    world.calls([33639980001])
    connection, inside = world.case(tmp_path)

    apart = say_holders(connection, inside, load_parameters(), processes=2)

    alone = weigh_holders(connection, inside, load_parameters())
    assert in_order(apart.findings).equals(in_order(alone.findings))
