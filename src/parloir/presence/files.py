"""Presence on files alone, without a case: read, weigh, one row a handset and stay."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from parloir.errors import DamagedFileError, EvidenceError, InputError, MissingEvidenceError
from parloir.presence.blind_spots import blind_spots
from parloir.presence.parameters import Parameters
from parloir.presence.register import register
from parloir.presence.report import Places, render
from parloir.presence.result import CANDIDATES, Presence
from parloir.presence.weighing import weigh
from parloir.readers import Doubts, Options, Rows, by_format, recognise
from parloir.tables.files import StagedTables, replacing
from parloir.tables.store import Store
from parloir.vault import Vault

Progress = Callable[[str, int, int], None]
LIKELY = 0.5
NEEDED = {
    "network_records": "network records",
    "radio_cells": "a list of radio cells",
    "prisons": "a list of prisons",
}


@dataclass(frozen=True)
class Files:
    """What to read; formats are told by content, a zip or gz may hold several.

    Attributes:
        records: network records.
        others: radio cells, prisons, and whatever else is known: requests, seizures (handsets known to be
            inside), stays, searches.
        options: country, time zone, mapping.
        format: of the records, where it is not told by content.
    """

    records: Sequence[Path]
    others: Sequence[Path]
    options: Options = field(default_factory=Options)
    format: str = ""


@dataclass(frozen=True)
class Outputs:
    """Where results go: rows as CSV or Parquet, and the report, if wanted, as HTML."""

    rows: Path
    report: Path | None = None


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        handsets: those with a probability that is worth naming.
        likely: of them, those that are more likely inside than not.
        weighed: all that were.
        counts: how many live in each prison, rows of schema `counts.COUNTS`.
        remarks: what is said beside them.
    """

    handsets: int
    likely: int
    weighed: int
    counts: tuple[Mapping[str, Any], ...]
    remarks: tuple[str, ...]


def weigh_to(
    files: Files, out: Outputs, parameters: Parameters | None = None, progress: Progress | None = None
) -> Written:
    """Weigh files as a case would be weighed, and write what was found.

    Raises:
        EvidenceError: a file cannot be read, or the results cannot be written.
        InputError: records, radio cells or prisons are not among them.
        MissingEvidenceError: nothing in the files can show a handset.
    """
    for path in filter(None, (out.rows, out.report)):
        _require_folder(path)
    with opened(files, progress) as connection:
        spots = blind_spots(connection)
        found = weigh(connection, parameters, progress)
        if spots and not found.candidates.num_rows:
            raise MissingEvidenceError("no handset could be weighed", do="; ".join(spots))
        prisons, radio_cells = (
            connection.execute(f"SELECT * FROM {name}").to_arrow_table()
            for name in ("prisons", "radio_cells")
        )
        places = Places(prisons, radio_cells, register(connection).seized)
    try:
        write_presence(found, out.rows)
        if out.report is not None:
            with replacing(out.report) as temporary:
                temporary.write_text(render(found, places), encoding="utf-8")
    except OSError as error:
        raise EvidenceError(
            "the results cannot be written",
            where=str(error.filename),
            do="choose a folder that can be written",
        ) from error
    probable = found.candidates["probability"].to_numpy() >= LIKELY
    likely = len(found.candidates.filter(pa.array(probable))["handset"].unique())
    named, weighed = (len(table["handset"].unique()) for table in (found.inside, found.candidates))
    counts = tuple(found.counts.to_pylist())
    return Written(named, likely, weighed, counts, (*spots, *found.remarks))


def _require_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise EvidenceError(
            "there is no such folder", where=str(path.parent), do="make it, or choose another"
        )


@contextmanager
def opened(files: Files, progress: Progress | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The files as canonical views, for as long as the block lasts.

    Raises:
        EvidenceError: a file cannot be read.
        InputError: records, radio cells or prisons are not among them.
    """
    told = progress or (lambda *_: None)
    paths = [*((path, files.format) for path in files.records), *((path, "") for path in files.others)]
    with TemporaryDirectory(prefix="parloir-") as folder:
        root = Path(folder)
        read: set[str] = set()
        for number, (path, name) in enumerate(paths):
            told(f"reading {path.name}", number, len(paths))
            read.add(_read(root, path, name, files.options, read))
        store = Store.of(root.glob("item-*"))
        for table, what in NEEDED.items():
            if not store.files(table):
                raise InputError(f"there is no {what.removeprefix('a ')} among the files", do=f"add {what}")
        connection = store.connect()
        try:
            yield connection
        finally:
            connection.close()


def write_presence(found: Presence, out: Path) -> int:
    """Write one row a handset and stay, most probable first, as CSV or (by its name) Parquet; how many rows.

    Columns: device, imei14, prison, first_seen, last_seen (UTC), weight_bits, probability, and a column of
    bits for each kind of evidence and the dependence adjustment.
    """
    table = _rows(found)
    with replacing(out) as temporary:
        if out.suffix == ".parquet":
            pq.write_table(table, temporary)
        else:
            pc_csv.write_csv(table, temporary)
    return int(table.num_rows)


def _rows(found: Presence) -> pa.Table:
    """Every handset weighed; two IMEIs of one handset share its number."""
    rows = found.candidates.sort_by(
        [("probability", "descending"), ("millibits", "descending"), ("handset", "ascending")]
    )
    kinds = [column.name for column in CANDIDATES[8:]]
    columns = {
        "device": rows["handset"],
        "imei14": rows["imei14"],
        "prison": rows["prison"],
        "first_seen": _time(rows["from_us"]),
        "last_seen": _time(rows["to_us"]),
        "weight_bits": _bits(rows["millibits"]),
        "probability": rows["probability"],
        **{f"{name.replace(' ', '_')}_bits": _bits(rows[name]) for name in kinds},
    }
    return pa.table(columns)


def _bits(millibits: Any) -> Any:
    return pc.divide(pc.cast(millibits, pa.float64()), 1000.0)


def _time(us: Any) -> Any:
    """ISO 8601 to the second."""
    return pc.strftime(us.cast(pa.timestamp("us")).cast(pa.timestamp("s"), safe=False), "%Y-%m-%dT%H:%M:%SZ")


def _read(root: Path, path: Path, name: str, options: Options, already: Container[str]) -> str:
    """One file into tables, all of it or nothing; sealed for the time of reading, so that locators hold.

    Returns:
        its SHA-256; a file that was read already is not read again.
    """
    vault = Vault(root / "vault")
    seal = vault.seal(path)
    if seal.sha256 in already:
        return seal.sha256
    first = ""
    with StagedTables(root) as staged:
        for member in vault.members(seal.sha256, path.name):
            reader = by_format(name or recognise(member).format)
            for part in reader.read(member, options):
                match part:
                    case Rows():
                        staged.add(part.table, part.batch)
                    case Doubts():
                        staged.add("warnings", part.batch)
                        first = first or _reason(part.batch)
        if not staged.rows.keys() - {"warnings"}:
            raise DamagedFileError(
                f"not one row can be read{first}", where=path.name, do="check what kind of file it is"
            )
        staged.commit(root / f"item-{seal.sha256}")
    return seal.sha256


def _reason(doubts: pa.RecordBatch) -> str:
    """Why the first of the rows was doubted: " (reason, “raw”)"."""
    if not doubts.num_rows:
        return ""
    row = doubts.slice(0, 1).to_pylist()[0]
    return f" ({row['reason']}, “{(row['raw'] or '')[:60]}”)"
