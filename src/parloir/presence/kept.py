"""Aggregates kept from one weighing to the next, so that a new day's records cost a day, not a history.

Time is cut into blocks (`blocks`). Of each, the aggregates of all handsets that have come in reach up to its
end are kept in a folder named by what they were made from: the files, the radio cells, the protected
register, the code, and the block before. A block is made once; the candidates' rows of all blocks then add up
to what one pass over all records gives, to the last row. A folder is staged, forced to the disk and renamed:
it is whole or absent.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import duckdb
import pyarrow as pa

from parloir.presence.aggregates import (
    JUMPS,
    Aggregates,
    Dwell,
    Prefiltered,
    narrowed,
    pieces,
    prefiltered,
    together,
)
from parloir.presence.blocks import Block, blocks, content_key
from parloir.presence.engines import EMBEDDED, DuckDBEngine, duckdb_engine, query
from parloir.presence.visibility import NOWHERE, Alone
from parloir.tables import NETWORK_RECORDS
from parloir.tables.files import STAGING, sync
from parloir.tables.store import Store
from parloir.tables.working import RestsOn

TABLES = ("days", "correspondents", "jumps", "edges")
_OF_CANDIDATES = "SELECT t.*, c.part AS part FROM {table} AS t JOIN candidates AS c ON c.imei14 = t.imei14"
CODE = ("sql", "kept.py", "blocks.py", "engines.py", "aggregates.py")


@dataclass(frozen=True)
class Kept:
    """The kept aggregates of one case.

    Attributes:
        store: its canonical tables.
        folder: where they are kept; made when it is not there.
    """

    store: Store
    folder: Path

    def aggregate(self, cells: pa.Table, dwell: Dwell, alone: Alone = NOWHERE) -> Aggregates:
        """All `pieces` as one."""
        return together(list(self.pieces(cells, dwell, alone)))

    def pieces(self, cells: pa.Table, dwell: Dwell, alone: Alone = NOWHERE) -> Iterator[Aggregates]:
        """As `aggregates.pieces` on all records, only from new ones where the rest is kept.

        Args:
            cells: as `aggregates.serving` gives them.
            dwell: the prefilter.
            alone: where it asks for more.
        """
        chain = _chain(self.store, cells, dwell)
        connection = self.store.connect()
        try:
            before: Path | None = None
            with duckdb_engine(connection) as engine:
                for key, block in chain:
                    before = self._made(connection, _Making(key, block, before, cells, dwell))
                if before is None:
                    yield from pieces(engine, cells, dwell, alone)
                else:
                    folders = [self.folder / key for key, _ in chain]
                    _known(connection, "reach", "reach", folders[-1:])
                    candidates = prefiltered(engine, dwell, alone)
                    yield from _together(connection, engine, folders, candidates)
        finally:
            connection.close()

    def _made(self, connection: duckdb.DuckDBPyConnection, what: _Making) -> Path:
        """The folder of a block, as it was left or made now."""
        target = self.folder / what.key
        if not target.exists():
            staged = self.folder / STAGING / uuid4().hex
            staged.mkdir(parents=True)
            try:
                _make(connection, self.store, what, staged)
                _place(staged, target)
            finally:
                shutil.rmtree(staged, ignore_errors=True)
        os.utime(target)  # it is erased so many days after its last use
        return target


def kept_engine(store: Store, folder: Path) -> Kept | None:
    """The kept aggregates in a folder; None where PARLOIR_ENGINE names an engine that keeps none."""
    return Kept(store, folder) if os.environ.get("PARLOIR_ENGINE", "") in EMBEDDED else None


@dataclass(frozen=True)
class _Making:
    key: str
    block: Block
    before: Path | None
    cells: pa.Table
    dwell: Dwell


def _chain(store: Store, cells: pa.Table, dwell: Dwell) -> list[tuple[str, Block]]:
    """The blocks of all records, each with its key: a block's contains that of the one before."""
    files = store.files(NETWORK_RECORDS.name)
    content = {path: content_key(path) for path in files}
    key = _scope(store, cells, dwell)
    chain = []
    for block in blocks(files, "started_us"):
        parts = (key, str(block.from_us), str(block.to_us), *(content[path] for path in block.files))
        key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        chain.append((key, block))
    return chain


def _scope(store: Store, cells: pa.Table, dwell: Dwell) -> str:
    """A digest of all that the aggregates depend on beside the records."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for name in CODE:
        part = package_files("parloir.presence") / name
        for one in sorted(part.iterdir(), key=lambda one: one.name) if part.is_dir() else [part]:
            digest.update(one.read_bytes())
    for column in cells.columns:
        digest.update(column.to_numpy().tobytes())
    digest.update(f"{dwell.offset_min} {sorted(store.wall.lifted)}".encode())
    for path in store.wall.registers:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _make(connection: duckdb.DuckDBPyConnection, store: Store, what: _Making, staged: Path) -> None:
    """Write the tables of one block."""
    block, name = what.block, NETWORK_RECORDS.name
    within = f"started_us >= {block.from_us} AND started_us < {block.to_us}"
    rows = f"SELECT * FROM ({store.selection(name, block.files)}) WHERE {within}"
    connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS {rows}')
    offset = {"offset_min": what.dwell.offset_min}
    times = {"from_us": block.from_us, "to_us": block.to_us, **JUMPS}
    with TemporaryDirectory(prefix="parloir-") as folder:
        passing = DuckDBEngine(connection, Path(folder))
        kept = DuckDBEngine(connection, staged, "zstd")
        passing.put("serving", what.cells)
        passing.keep("reach_within", query("reach", offset))
        earlier = [] if what.before is None else [what.before]
        _known(connection, "reach_before", "reach", earlier, "reach_within")
        kept.keep("reach", query("reach_so_far"))
        passing.put("candidates", passing.fetch("SELECT DISTINCT imei14 FROM reach"))
        passing.keep("watched", query("watched"))
        passing.keep("watched_records", query("watched_records", offset))
        for table in TABLES:
            kept.keep(table, query(table, times))
    _write_down(staged, store, what)


def _write_down(staged: Path, store: Store, what: _Making) -> None:
    """Say which evidence the tables rest on, this block's and that of all before; force all to the disk."""
    records = frozenset(path.parent.name for path in what.block.files)
    earlier = None if what.before is None else RestsOn.read(what.before)
    registers = frozenset(path.parent.name for path in store.wall.registers)
    RestsOn(records if earlier is None else records | earlier.records, registers).write(staged)
    for path in staged.iterdir():
        sync(path)
    sync(staged)


def _place(staged: Path, target: Path) -> None:
    """Rename; where another process was quicker, its folder is the same."""
    try:
        staged.rename(target)
    except OSError:
        if not target.exists():
            raise
    sync(target.parent)


def _together(
    connection: duckdb.DuckDBPyConnection,
    engine: DuckDBEngine,
    folders: Sequence[Path],
    candidates: Prefiltered,
) -> Iterator[Aggregates]:
    """The candidates' rows of all blocks."""
    for table in TABLES:
        _known(connection, table, table, folders)
        rows = _OF_CANDIDATES.format(table=table)
        if len(candidates.parts) > 1:
            engine.keep(f"candidate_{table}", rows, by="part")
        else:
            connection.execute(f"CREATE OR REPLACE TEMP VIEW candidate_{table} AS {rows}")
    for part, mine in enumerate(candidates.parts):
        yield Aggregates(
            mine,
            narrowed(engine.fetch(query("kept_days", {"part": part}))),
            engine.fetch(query("kept_correspondents", {"part": part})),
            engine.fetch(query("kept_jumps", {**JUMPS, "part": part})),
            0 if part else candidates.left_out,
        )


def _known(
    connection: duckdb.DuckDBPyConnection, name: str, table: str, folders: Sequence[Path], like: str = ""
) -> None:
    """Make a kept table of some blocks known to later queries; of none, it is empty, `like` another."""
    quoted = ", ".join("'" + str(folder / f"{table}.parquet").replace("'", "''") + "'" for folder in folders)
    rows = f"SELECT * FROM read_parquet([{quoted}])" if folders else f"SELECT * FROM {like} WHERE false"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {rows}")
