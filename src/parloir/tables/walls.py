"""The wall around privileged contacts: which rows of which table the protected register hides.

One set of SQL conditions serves both places where rows are walled off: the sieve at take-in, and the views
that everything else reads (`Store.connect`). A row is hidden when

- a telephone number in it, or one of several, stands in the register;
- an e-mail address in it does;
- its full name does, in any order of words, whatever the case and accents. A register entry without both
  names hides nothing by name, and inmates are never hidden by name: a namesake would vanish from the register
  of the prison. Free text is not searched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from parloir.tables.schema import Table

_OPEN = frozenset(("protected", "requests", "inmates", "warnings", "quarantine"))
"""Never walled: the register itself, what was asked for, the inmates, and what kept no value."""
_NUMBERS = ("number", "correspondent")
_EMAILS = ("email", "payer_email")
_WHOLE_NAMES = ("payer_name", "recipient")


def _normalised(name: str) -> str:
    """SQL for a name as sorted words: accents, case, punctuation and order do not count."""
    words = f"regexp_split_to_array(lower(strip_accents({name})), '[^\\p{{L}}\\p{{N}}]+')"
    return f"array_to_string(list_sort(list_filter({words}, lambda word: word <> '')), ' ')"


_FULL_NAME = "given_name || ' ' || family_name"  # null when either is missing
_REGISTER = f"""
CREATE TABLE walled_numbers AS SELECT DISTINCT number FROM register WHERE number IS NOT NULL;
CREATE TABLE walled_emails AS SELECT DISTINCT lower(email) AS email FROM register WHERE email IS NOT NULL;
CREATE TABLE walled_names AS SELECT DISTINCT {_normalised(_FULL_NAME)} AS name FROM register
    WHERE trim(given_name) <> '' AND trim(family_name) <> '';
"""


@dataclass(frozen=True)
class Wall:
    """The protected registers of a case.

    Attributes:
        registers: Parquet files of the table `protected`.
        lifted: SHA-256 of sealed files held under an authority that lets privileged contacts be weighed.
    """

    registers: tuple[Path, ...]
    lifted: frozenset[str] = frozenset()

    def build(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the tables that `hidden` asks; nothing without a register."""
        if not self.registers:
            return
        names = ", ".join(_quoted(str(path)) for path in self.registers)
        rows = f"SELECT * FROM read_parquet([{names}], union_by_name = true)"
        connection.execute(f"CREATE TEMP VIEW register AS {rows}; {_REGISTER} DROP VIEW register")

    def hidden(self, table: Table) -> str:
        """SQL that is true for a row behind the wall and never null; empty where nothing can be."""
        conditions = list(_conditions(table)) if self.registers else []
        if not conditions:
            return ""
        hit = f"({' OR '.join(f'coalesce({condition}, false)' for condition in conditions)})"
        if not self.lifted:
            return hit
        return f"({hit} AND evidence NOT IN ({', '.join(map(_quoted, sorted(self.lifted)))}))"


def _conditions(table: Table) -> Iterable[str]:
    if table.name in _OPEN:
        return
    types = {column.name: column.type for column in table.own}
    for name in _NUMBERS:
        if types.get(name) == pa.int64():
            yield f"{name} IN (SELECT number FROM walled_numbers)"
    if "numbers" in types:
        yield "list_has_any(numbers, (SELECT list(number) FROM walled_numbers))"
    for name in _EMAILS:
        if name in types:
            yield f"lower({name}) IN (SELECT email FROM walled_emails)"
    full = [_FULL_NAME] if {"given_name", "family_name"} <= types.keys() else []
    for name in (*full, *(name for name in _WHOLE_NAMES if name in types)):
        yield f"{_normalised(name)} IN (SELECT name FROM walled_names)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
