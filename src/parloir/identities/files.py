"""Linking files: from paths to pairs in Parquet, figures and a report."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet

from parloir.errors import InputError
from parloir.identities.link_input import LinkInput, read_file
from parloir.identities.linking import Links, Parameters, link
from parloir.identities.quality import Quality, measure, truth_of
from parloir.identities.remembering import Memory
from parloir.identities.report import write_report

pc: Any = pyarrow.compute
KEPT = 0.01
"""Least probability of a pair that is written."""
Progress = Callable[[str, int, int], None]
"""What is being done, how much is done, how much there is (0: not known)."""


@dataclass(frozen=True)
class Wanted:
    """What to link.

    Attributes:
        left: a CSV, XLSX or Parquet file.
        right: another, or None to find the duplicates within the first.
        columns: TOML file of column → role, in tables `left`, `right` or `columns` for both.
        truth: column that tells who is who, in both files.
        out: Parquet file of the pairs.
        report: HTML file.
        country: of telephone numbers in national form.
        memory: folder that keeps compared pairs, so that a later run compares only what is new.
        parameters: of the run.
    """

    left: Path
    right: Path | None = None
    columns: Path | None = None
    truth: str = ""
    out: Path | None = None
    report: Path | None = None
    country: str = "FR"
    memory: Path | None = None
    parameters: Parameters = field(default_factory=Parameters)


@dataclass(frozen=True)
class Linked:
    """What came of it: the pairs, and the figures where there was a truth."""

    links: Links
    quality: Quality | None


def link_files(wanted: Wanted, progress: Progress | None = None) -> Linked:
    """Link one or two files and write what was asked for.

    Args:
        wanted: files and places.
        progress: told what is being done.

    Raises:
        InputError: a file, a column or a role that is not there; nothing in common to compare.
        EvidenceError: a file that cannot be read.
    """
    told = _told(wanted.columns)
    _require_places(wanted)
    say = progress or _silent
    say("reading", 0, 0)
    left = _read(wanted.left, told, "left", wanted)
    right = _read(wanted.right, told, "right", wanted) if wanted.right else None
    if right is None and left.table.num_rows == 1:
        rest = f" ({left.aside[0]})" if left.aside else ""
        raise InputError(
            f"it has one row{rest}, which makes no pair", where=left.name, do="give a second file"
        )
    say("comparing and weighing", 0, 0)
    threshold = 0.0 if wanted.truth else KEPT
    kept = Memory(wanted.memory, _name(wanted)) if wanted.memory else None
    links = link(left, right, replace(wanted.parameters, threshold=threshold, kept=kept))
    if kept:
        compared, known = kept.counts[kept.name]
        links = replace(links, diagnostics={**links.diagnostics, "new": compared, "known": known})
    quality = None
    if wanted.truth:
        quality = measure(
            links, truth_of(left, wanted.truth), truth_of(right, wanted.truth) if right else None
        )
    links = replace(links, pairs=links.pairs.filter(pc.greater_equal(links.pairs["probability"], KEPT)))
    say("writing", 0, 0)
    _write(wanted, links, [left, right] if right else [left], quality)
    return Linked(links, quality)


def _silent(doing: str, done: int, total: int) -> None:
    """Nobody is told."""


def _name(wanted: Wanted) -> str:
    """Of what is kept of these files."""
    return "-".join(path.stem for path in (wanted.left, wanted.right) if path)


def _read(path: Path, told: Mapping[str, Mapping[str, str]], side: str, wanted: Wanted) -> LinkInput:
    roles = {**told.get("columns", {}), **told.get(side, {})}
    one = read_file(path, {}, wanted.country)
    if wanted.truth:
        truth_of(one, wanted.truth)
        roles[wanted.truth] = "truth"
    here = {
        column: role
        for column, role in roles.items()
        if column in one.table.column_names or column in told.get(side, {})
    }
    return replace(one, told=here)


def _told(path: Path | None) -> Mapping[str, Mapping[str, str]]:
    if path is None:
        return {}
    try:
        read = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(
            "the file of columns cannot be read", where=str(path), do="check the path"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"the file of columns is no TOML: {error}",
            where=path.name,
            do='write lines like "Nom" = "family" under [left] and [right]',
        ) from error
    if unknown := set(read) - {"left", "right", "columns"} or {
        name for name, part in read.items() if not isinstance(part, dict)
    }:
        raise InputError(
            f"“{min(unknown)}” is no part of a file of columns",
            where=path.name,
            do="use the tables [left], [right] and [columns]",
        )
    return read


def _require_places(wanted: Wanted) -> None:
    """A place that cannot be written to is told before the work, not after it.

    Raises:
        InputError: the folder of a file to be written is not there, or what is to be a folder is a file.
    """
    for path in (wanted.out, wanted.report, wanted.memory):
        if path and not path.absolute().parent.is_dir():
            raise InputError("there is no such folder", where=str(path.parent), do="make it first")
    if wanted.memory and wanted.memory.exists() and not wanted.memory.is_dir():
        raise InputError("it is no folder", where=str(wanted.memory), do="name a folder with --memory")


def _write(wanted: Wanted, links: Links, sources: Sequence[LinkInput], quality: Quality | None) -> None:
    try:
        if wanted.out:
            pa.parquet.write_table(links.pairs, wanted.out)
        if wanted.report:
            wanted.report.write_text(write_report(links, sources, quality), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"it cannot be written: {error.strerror}", where=str(error.filename), do="choose another place"
        ) from error
