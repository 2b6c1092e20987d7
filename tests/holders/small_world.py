"""A made-up prison of sixty inmates in thirty prison cells, as canonical tables in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from parloir.holders import Holders, Inside, load_parameters, weigh_holders
from parloir.tables import TABLES
from parloir.tables.files import StagedTables
from parloir.tables.store import Store

DAY = 86_400_000_000
START = 1_740_000_000_000_000
HANDSET = 35_000_000_000_001
OTHER_HANDSET = 35_000_000_000_002
SHA = "ab" * 32


def inmate(number: int) -> str:
    return f"I{number:03d}"


@dataclass
class SmallWorld:
    """Rows by table; every inmate stays for the whole time, two to a prison cell."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    links: list[dict[str, Any]] = field(default_factory=list)
    inmates: int = 60

    def __post_init__(self) -> None:
        for number in range(self.inmates):
            self.add("inmates", inmate=inmate(number))
            self.add(
                "stays",
                inmate=inmate(number),
                prison="P",
                prison_cell=f"A-{number // 2:02d}",
                from_us=START - 400 * DAY,
                to_us=None,
            )

    def add(self, table: str, **values: Any) -> None:
        rows = self.rows.setdefault(table, [])
        locator = {"evidence": SHA, "member": "", "source_table": table, "source_row": len(rows) + 1}
        rows.append({**values, **locator})

    def people(self, number: int, numbers: list[int]) -> None:
        for known in numbers:
            self.add("approved_contacts", inmate=inmate(number), number=known)

    def calls(
        self, numbers: list[int], *, imei14: int = HANDSET, first_day: int = 20, days: int = 40
    ) -> None:
        """One call a day to each number in turn, at noon."""
        for day in range(days):
            self.add(
                "network_records",
                imei14=imei14,
                correspondent=numbers[day % len(numbers)],
                kind="call_out",
                started_us=START + (first_day + day) * DAY + DAY // 2,
                duration_s=120,
            )

    def frame(self) -> None:
        """Records at both ends of the period, by a handset of no interest."""
        for day in (0, 100):
            self.add("network_records", imei14=1, started_us=START + day * DAY, kind="data")

    def weigh(self, folder: Path, segments: list[Mapping[str, Any]] | None = None) -> Holders:
        return weigh_holders(*self.case(folder, segments), load_parameters())

    def case(
        self, folder: Path, segments: list[Mapping[str, Any]] | None = None
    ) -> tuple[duckdb.DuckDBPyConnection, Inside]:
        """The tables, and what is found inside."""
        self.frame()
        staged = StagedTables(folder)
        for table, rows in self.rows.items():
            staged.add(table, TABLES[table].batch(rows))
        target = folder / f"case{len(list(folder.iterdir()))}"
        staged.commit(target)
        segments = segments or [segment()]
        handsets = sorted({int(s["handset"]) for s in segments})
        inside = Inside(
            pa.table({"imei14": pa.array(handsets, pa.int64()), "handset": pa.array(handsets, pa.int64())}),
            pa.Table.from_pylist([dict(s) for s in segments]),
            pa.Table.from_pylist(
                self.links,
                schema=pa.schema({"left": pa.string(), "right": pa.string(), "probability": pa.float64()}),
            ),
        )
        return Store.of([target]).connect(threads=1), inside


def segment(handset: int = HANDSET, **changes: Any) -> dict[str, Any]:
    return {
        "handset": handset,
        "prison": "P",
        "from_us": START + 20 * DAY,
        "to_us": START + 100 * DAY,
        "millibits": 9000,
        "probability": 1.0,
        "status": "inside",
        **changes,
    }


def posterior(holders: Holders, number: int, handset: int = HANDSET) -> float:
    [weighed] = [h for h in holders.handsets if h.block.view.activity.handset == handset]
    place = weighed.block.view.candidates.tolist().index(holders.world.index[inmate(number)])
    return float(weighed.weighed.posterior[place])


def bits_of_numbers(holders: Holders, number: int) -> float:
    """Weight of the correspondents of the only handset, for one inmate."""
    [handset] = holders.handsets
    place = handset.block.view.candidates.tolist().index(holders.world.index[inmate(number)])
    return float(handset.weighed.numbers[place])
