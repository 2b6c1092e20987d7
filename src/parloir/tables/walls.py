"""The wall around privileged contacts: which rows of which table the protected register hides.

One set of SQL conditions serves both places where rows are walled off: the sieve at take-in, and the views
that everything else reads (`Store.connect`). A row is hidden when

- a telephone number in it, or one of several, stands in the register;
- an e-mail address in it does;
- its full name does, in any order of words, whatever the case and accents, unless another fact tells the
  two apart (decision 0703): another date of birth, another number or address than all that the register has
  for the name, or a relation to the inmate that is stated and names no protected profession. The same date of
  birth, or a relation that names one ("avocate"), hides the row whatever else differs.

A row that the name would hide and another fact tells apart is a namesake's: it is shown, and counted. A
register entry without both names hides nothing by name, and inmates are never hidden by name: they would
vanish from the register of the prison. Free text is not searched.
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
WHOLE_NAMES = ("payer_name", "recipient")
"""Columns with a full name of their own."""
_PROFESSIONS = (
    "avocat|avvocat|abogad|advoca|advogad|advokat|anwalt|rechts|attorney|barrister|solicitor|lawyer|counsel|legal|"
    "conseil|maitre|notaire|magistrat|juge|judge|procureur|prosecutor|aumon|chaplain|clergy|priest|pretre|pasteur|"
    "pastor|imam|rabb|medecin|docteur|doctor|physician|psych|infirm|nurse|soignant|journalis|press|defenseur|"
    "controleur|ombuds|parlement|depute|consul"
)
"""Beginnings of words by which a relation names a protected profession, in the languages met so far."""
_SAYS_NOTHING = "(autres?|others?|inconnue?s?|unknown|non renseignee?|neant|none|nc|na)"


def _normalised(name: str) -> str:
    """SQL for a name as sorted words: accents, case, punctuation and order do not count."""
    words = f"regexp_split_to_array({_plain(name)}, '[^\\p{{L}}\\p{{N}}]+')"
    return f"array_to_string(list_sort(list_filter({words}, lambda word: word <> '')), ' ')"


def _plain(text: str) -> str:
    return f"lower(strip_accents({text}))"


FULL_NAME = "given_name || ' ' || family_name"
"""SQL for the name of a row in two columns, null when either is missing."""
_EMPTY = "SELECT NULL::DATE AS birth_date WHERE false"  # registers of an earlier version lack the column
_REGISTER = f"""
CREATE TABLE walled_people AS SELECT {_normalised(FULL_NAME)} AS name, number, email, birth_date
    FROM register WHERE trim(given_name) <> '' AND trim(family_name) <> '';
CREATE TABLE walled_numbers AS SELECT DISTINCT number FROM register WHERE number IS NOT NULL;
CREATE TABLE walled_emails AS SELECT DISTINCT lower(email) AS email FROM register WHERE email IS NOT NULL;
CREATE TABLE walled_names AS SELECT DISTINCT name FROM walled_people;
CREATE TABLE names_with_number AS SELECT DISTINCT name FROM walled_people WHERE number IS NOT NULL;
CREATE TABLE names_with_email AS SELECT DISTINCT name FROM walled_people WHERE email IS NOT NULL;
CREATE TABLE names_with_birth AS SELECT DISTINCT name FROM walled_people WHERE birth_date IS NOT NULL;
CREATE TABLE walled_births AS SELECT DISTINCT name || ' ' || birth_date AS born FROM walled_people
    WHERE birth_date IS NOT NULL;
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
        """Make the tables that the conditions ask; nothing without a register."""
        if not self.registers:
            return
        names = ", ".join(_quoted(str(path)) for path in self.registers)
        rows = f"SELECT * FROM read_parquet([{names}], union_by_name = true)"
        connection.execute(f"CREATE TEMP VIEW register AS {_EMPTY} UNION ALL BY NAME {rows}")
        connection.execute(f"{_REGISTER} DROP VIEW register")

    def hidden(self, table: Table) -> str:
        """SQL that is true for a row behind the wall and never null; empty where nothing can be."""
        return self._held(_any([*_surely(table), *(_by_name(name, table) for name in _names(table))]))

    def by_name(self, table: Table) -> str:
        """The same for the rows among them that nothing but the name speaks for."""
        return self._held(_both(_any(_by_name(name, table) for name in _names(table)), _any(_surely(table))))

    def namesakes(self, table: Table) -> str:
        """The same for rows shown though they bear a protected name: another fact tells them apart."""
        alike = _any(f"{name} IN (FROM walled_names)" for name in _names(table))
        hidden = _any([*_surely(table), *(_by_name(name, table) for name in _names(table))])
        return self._held(_both(alike, hidden))

    def _held(self, condition: str) -> str:
        """Nothing without a register; else the condition for the rows that no authority lifts."""
        if not self.registers or not condition:
            return ""
        if not self.lifted:
            return condition
        return f"({condition} AND evidence NOT IN ({', '.join(map(_quoted, sorted(self.lifted)))}))"


def _any(conditions: Iterable[str]) -> str:
    """SQL that is true where one of them is, and never null; empty without any."""
    known = [f"coalesce({condition}, false)" for condition in conditions]
    return f"({' OR '.join(known)})" if known else ""


def _both(condition: str, otherwise: str) -> str:
    """SQL for the first without the second."""
    return f"({condition} AND NOT {otherwise})" if condition and otherwise else condition


def _surely(table: Table) -> Iterable[str]:
    """What hides a row whatever else it says: number, address, or the name with something beside it."""
    if table.name in _OPEN:
        return
    types = {column.name: column.type for column in table.own}
    for name in _NUMBERS:
        if types.get(name) == pa.int64():
            yield f"{name} IN (FROM walled_numbers)"
    if "numbers" in types:
        yield "list_has_any(numbers, (SELECT list(number) FROM walled_numbers))"
    for name in _EMAILS:
        if name in types:
            yield f"lower({name}) IN (FROM walled_emails)"
    for name in _names(table):
        for agreeing in _agreeing(name, table):
            yield f"({name} IN (FROM walled_names) AND {agreeing})"


def _names(table: Table) -> list[str]:
    """SQL for each full name in a row, normalised."""
    if table.name in _OPEN:
        return []
    columns = {column.name for column in table.own}
    full = [FULL_NAME] if {"given_name", "family_name"} <= columns else []
    return [_normalised(name) for name in (*full, *(name for name in WHOLE_NAMES if name in columns))]


def _by_name(name: str, table: Table) -> str:
    """The name stands in the register, and nothing tells the two persons apart."""
    apart = _any(_differing(name, table))
    return f"({name} IN (FROM walled_names){f' AND NOT {apart}' if apart else ''})"


def _agreeing(name: str, table: Table) -> Iterable[str]:
    columns = {column.name for column in table.own}
    if "birth_date" in columns:
        yield f"({name}) || ' ' || birth_date IN (FROM walled_births)"
    if "relation" in columns:
        yield f"regexp_matches({_plain('relation')}, '\\b({_PROFESSIONS})')"


def _differing(name: str, table: Table) -> Iterable[str]:
    """Facts on both sides that differ; those that agree hide the row by themselves."""
    columns = {column.name: column.type for column in table.own}
    if "birth_date" in columns:
        yield f"(birth_date IS NOT NULL AND {name} IN (FROM names_with_birth))"
    if "relation" in columns:
        stated = f"trim({_plain('relation')})"
        yield f"(regexp_matches({stated}, '\\p{{L}}') AND NOT regexp_full_match({stated}, '{_SAYS_NOTHING}'))"
    known = ["numbers[1]"] if "numbers" in columns else [n for n in _NUMBERS if columns.get(n) == pa.int64()]
    for number in known:
        yield f"({number} IS NOT NULL AND {name} IN (FROM names_with_number))"
    for email in _EMAILS:
        if email in columns:
            yield f"({email} IS NOT NULL AND {name} IN (FROM names_with_email))"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
