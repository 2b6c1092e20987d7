"""Who can search where, for how long: the file of teams, and the number of searches it allows."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
from anyascii import anyascii

from parloir.errors import InputError
from parloir.searches.schemas import TEAMS

HEADERS = {
    "prison": "prison",
    "etablissement": "prison",
    "teams": "teams",
    "equipes": "teams",
    "hours": "hours",
    "heures": "hours",
    "minutes": "minutes",
}
LARGEST = 1 << 20
LONGEST_LINE = 1 << 16


def read_teams(path: Path) -> pa.Table:
    """Teams, hours and, optionally, minutes a search, by prison.

    Comma, semicolon or tab; a first line of headers in English or French (`HEADERS`); UTF-8; a decimal comma
    is read where the separator is not one.

    Returns:
        Schema `TEAMS`, in the order of the file.

    Raises:
        InputError: the file or one of its lines cannot be read.
    """
    text = _text(path)
    if max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        raise InputError("is no CSV (a line without end)", where=path.name, do="save the teams file as CSV")
    try:
        return pa.Table.from_pylist(list(_rows(text, path.name)), schema=TEAMS)
    except csv.Error as error:
        raise InputError(f"is no CSV ({error})", where=path.name, do="save the teams file as CSV") from error


def capacities(teams: pa.Table, minutes_each: float) -> Mapping[str, int]:
    """How many searches each prison's teams can do in their hours; whole searches, nothing shared.

    Args:
        teams: schema `TEAMS`; several rows for one prison add up.
        minutes_each: minutes a search takes where the row names none.
    """
    searches: dict[str, int] = defaultdict(int)
    for row in teams.to_pylist():
        minutes = row.get("minutes") or minutes_each
        searches[row["prison"]] += row["teams"] * int(row["hours"] * 60 / minutes + 1e-9)
    return dict(searches)


def _rows(text: str, name: str) -> Iterator[dict[str, object]]:
    separator = max(";\t,", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=None), delimiter=separator)
    names = {HEADERS.get(_plain(header)): header for header in reader.fieldnames or ()}
    for needed in ("prison", "teams", "hours"):
        if needed not in names:
            raise InputError(
                f"no column “{needed}”", where=name, do="give the columns prison, teams and hours"
            )
    for line, row in enumerate(reader, start=2):
        values = {known: (row.get(header) or "").strip() for known, header in names.items() if known}
        if any(values.values()):
            yield _row(values, f"{name}, line {line}")


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()[:LARGEST]
        return data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            "cannot be opened", where=str(path), do="check the path of the teams file"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", where=path.name, do="save the teams file as CSV in UTF-8") from error


def _plain(header: str) -> str:
    return anyascii(header or "").strip().lower()


def _row(values: Mapping[str, str], where: str) -> dict[str, object]:
    if not values["prison"]:
        raise InputError("no prison is named", where=where, do="name the prison of each line of teams")
    teams = _number(values["teams"], where)
    hours = _number(values["hours"], where)
    minutes = _number(values["minutes"], where) if values.get("minutes") else None
    if teams != int(teams) or minutes == 0:
        raise InputError(
            "teams must be whole and minutes above 0", where=where, do="correct the line of the teams file"
        )
    return {"prison": values["prison"], "teams": int(teams), "hours": hours, "minutes": minutes}


def _number(text: str, where: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 10_000:
        raise InputError(
            f"“{text[:40]}” is not a number from 0 to 10,000",
            where=where,
            do="correct the line of the teams file",
        )
    return number
