"""What the protected registers of a case hide and show, summed up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parloir.actions.case_store import case_store
from parloir.records.models import Case
from parloir.records.workspace import Workspace
from parloir.tables import TABLES
from parloir.tables.store import Store
from parloir.tables.walls import FULL_NAME, WHOLE_NAMES

_HELD = ("protected", "protected_name")


@dataclass(frozen=True)
class Protection:
    """Rows of evidence beside the protected registers.

    Attributes:
        held_back: rows that take-in held back.
        by_name: of all rows that are hidden, taken in before or after the register, those that nothing but
            the name speaks for.
        namesakes: rows that are shown and weighed though they bear a protected person's name, since another
            fact tells the two apart; by table.
        says: the same for a person, a sentence each.
    """

    held_back: int
    by_name: int
    namesakes: Mapping[str, int]
    says: tuple[str, ...]


def protection_of(workspace: Workspace, case: Case) -> Protection | None:
    """The sum over a case; None without a register."""
    store = case_store(workspace, case)
    if not store.wall.registers:
        return None
    held, by_name = _held_back(store)
    by_name += sum(store.walled_by_name().values())
    namesakes = store.namesakes()
    return Protection(held, by_name, namesakes, tuple(_sentences(held, by_name, namesakes)))


def _held_back(store: Store) -> tuple[int, int]:
    rows = store.connect().execute("SELECT reason, count(*) FROM quarantine GROUP BY reason").fetchall()
    counts = {str(reason): int(number) for reason, number in rows}
    return sum(counts.get(word, 0) for word in _HELD), counts.get(_HELD[1], 0)


def _sentences(held: int, by_name: int, namesakes: Mapping[str, int]) -> list[str]:
    said = [f"{_rows(held)} held back at take-in"]
    if by_name:
        said.append(
            f"{_rows(by_name)} hidden for the name alone: numbers or dates of birth in the register would "
            "tell namesakes apart"
        )
    if namesakes:
        named = ", ".join(f"{rows:,} of {table}" for table, rows in namesakes.items())
        said.append(
            f"shown though they bear a protected name, since another fact differs: {named}; look at them "
            "with `--evidence`, and where it is the same person add that number to the register"
        )
    return said


def _rows(number: int) -> str:
    return f"{number:,} row{'s' if number != 1 else ''}"


def namesakes_query(store: Store) -> str:
    """SQL for the rows of namesakes on a connection of the store: table, locator, name; empty without any."""
    parts = []
    for table in TABLES.values():
        names = [FULL_NAME] if "given_name" in table.schema.names else []
        names += [name for name in WHOLE_NAMES if name in table.schema.names]
        if condition := store.wall.namesakes(table):
            located = f"'{table.name}' AS \"table\", member, source_table, source_row"
            parts.append(
                f"SELECT {located}, coalesce({', '.join(names)}) AS name FROM {table.name} WHERE {condition}"
            )
    return f"{' UNION ALL '.join(parts)} ORDER BY ALL" if parts else ""
