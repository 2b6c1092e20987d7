"""What is left of rows outside the scope after reading: their doubts and what was derived from them.

A reader yields its parts in any order, so a row is known to be outside only when all parts are there.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parloir.tables import QUARANTINE
from parloir.tables.files import write_table

_PLACE = ["member", "source_table", "source_row"]


def hold_back(folder: Path, derived: Iterable[str]) -> None:
    """Take out of staged tables what comes from a row in quarantine.

    Args:
        folder: finished Parquet files, one a table.
        derived: tables all of whose rows are derived; their rows from such a source row go to quarantine too.
    """
    quarantine = folder / f"{QUARANTINE.name}.parquet"
    if not quarantine.exists():
        return
    held = pq.read_table(quarantine)
    places = held.select(_PLACE).group_by(_PLACE).aggregate([])
    _blank_remarks(folder / "warnings.parquet", places)
    moved = [_take_out(folder / f"{table}.parquet", places) for table in sorted(derived)]
    write_table(quarantine, pa.concat_tables([held, *(rows for rows in moved if rows is not None)]))


def _blank_remarks(path: Path, places: pa.Table) -> None:
    """A remark quotes a value of its row: the quotation goes, the reason stays."""
    if not path.exists():
        return
    table = pq.read_table(path)
    quoted = pc.and_(_among(table, places), pc.equal(table["severity"], pa.scalar("remark")))
    index = table.schema.get_field_index("raw")
    blanked = pc.if_else(quoted, pa.scalar(None, pa.string()), table["raw"])
    write_table(path, table.set_column(index, table.schema.field(index), blanked))


def _take_out(path: Path, places: pa.Table) -> pa.Table | None:
    """Remove rows from a table; what quarantine keeps of them."""
    if not path.exists():
        return None
    table = pq.read_table(path)
    out = _among(table, places)
    write_table(path, table.filter(pc.invert(out)))
    return _locators(path.stem, table.filter(out))


def _locators(name: str, rows: pa.Table) -> pa.Table:
    located = {column: rows[column] for column in QUARANTINE.schema.names if column in rows.column_names}
    told = {"table": [name] * len(rows), "reason": ["source_row"] * len(rows)}
    return pa.table({**located, **told}, schema=QUARANTINE.schema)


def _among(table: pa.Table, places: pa.Table) -> pa.BooleanArray:
    """Which rows of the table come from one of the places."""
    numbered = table.select(_PLACE).append_column("row", pa.array(range(len(table)), pa.int64()))
    found = numbered.join(places, _PLACE, join_type="left semi")["row"]
    return pc.is_in(numbered["row"], value_set=found.combine_chunks())
