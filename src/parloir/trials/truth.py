"""The truth of a simulated world. Nothing else in the project reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from parloir.errors import InputError
from parloir.identifiers import imei

pc: Any = pyarrow.compute
CellKey = tuple[str, str]
"""Prison and prison cell."""
CLONE = imei.COPY
"""A copy of a cloned IMEI counts as the handset that it is told apart from."""


@dataclass(frozen=True)
class Truth:
    """One world's truth, table by table, read when asked for.

    Attributes:
        folder: the folder `truth` that `write_nation` wrote.
    """

    folder: Path

    def table(self, name: str) -> pa.Table:
        """One table as it was written.

        Raises:
            InputError: the folder has no such table.
        """
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            raise InputError(
                f"there is no truth about {name}",
                where=str(self.folder),
                do="give the folder “truth” of a simulated world",
            )
        return pq.read_table(path)

    @cached_property
    def world(self) -> Mapping[str, Any]:
        """Size, seed, days and parameters."""
        found: dict[str, Any] = json.loads((self.folder / "world.json").read_text(encoding="utf-8"))
        return found

    @cached_property
    def handsets(self) -> list[dict[str, Any]]:
        """Contraband handsets, one dictionary each."""
        return list(self.table("handsets").to_pylist())

    @cached_property
    def handset_of(self) -> dict[int, int]:
        """IMEI14 → contraband handset; where two bear the same, the one that is used at the end."""
        rows = sorted(self.handsets, key=lambda h: (h["at_end"], h["active"]))
        return {imei: row["handset"] for row in rows for imei in row["imeis"]}

    @cached_property
    def _last_owner(self) -> dict[int, str]:
        """The last owner of each contraband handset that was used during the records."""
        first = self.world["end_us"] - self.world["days"] * 86_400_000_000
        owners = [row for row in self.table("uses").to_pylist() if row["role"] == "owner"]
        used = sorted((row for row in owners if row["end_us"] > first), key=lambda row: row["start_us"])
        return {row["handset"]: row["inmate"] for row in used if row["start_us"] < self.world["end_us"]}

    def user_of(self, handset: int) -> str | None:
        """The regular user of a handset that goes by an IMEI14; None for staff and for anybody unknown."""
        found = self.handset_of.get(handset % CLONE)
        return None if found is None else self._last_owner.get(found)

    @cached_property
    def at_end(self) -> list[dict[str, Any]]:
        """Contraband handsets inside at the end of the records."""
        return [h for h in self.handsets if h["at_end"]]

    @cached_property
    def contents(self) -> dict[CellKey, list[dict[str, Any]]]:
        """What lies in each prison cell at the end; common rooms left out."""
        found: dict[CellKey, list[dict[str, Any]]] = {}
        for handset in self.at_end:
            if handset["prison_cell"] is not None:
                found.setdefault((handset["prison"], handset["prison_cell"]), []).append(handset)
        return found

    @cached_property
    def occupied(self) -> int:
        """How many prison cells are occupied at the end."""
        return int(self.table("prison_cells").num_rows)

    @property
    def find_rate(self) -> float:
        """q: how often a search of the right prison cell finds a handset."""
        return float(self.world["values"]["searches.find_rate"])
