"""The two records of a pair as their files have them, one beside the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parloir.identities.link_input import LinkInput

Roles = Mapping[str, Sequence[str]]
UNSHOWN = ("id", "truth")
"""They head the pair, or may not be looked at when judging one."""


@dataclass(frozen=True, slots=True)
class Field:
    """What both files have in the columns of one role, as written; empty where they have nothing.

    Attributes:
        role: in words.
        left, right: the values of the role's columns, in their order.
    """

    role: str
    left: str
    right: str


def side_by_side(
    sources: Sequence[LinkInput], roles: Sequence[Roles], rows: tuple[int, int]
) -> tuple[Field, ...]:
    """The fields that either record fills, in the order of the left file's roles.

    Args:
        sources: the file, or the two files, that were linked.
        roles: what the columns of each were taken for, role → columns.
        rows: of the left and of the right record in their files, counted from 1.
    """
    ends = [(sources[0], roles[0]), (sources[-1], roles[-1])]
    names = [name for name in dict.fromkeys([*roles[0], *roles[-1]]) if name not in UNSHOWN]
    fields = []
    for name in names:
        left, right = (
            _written(source, told.get(name, ()), row - 1)
            for (source, told), row in zip(ends, rows, strict=True)
        )
        if left or right:
            fields.append(Field(name.replace("_", " "), left, right))
    return tuple(fields)


def _written(source: LinkInput, columns: Sequence[str], row: int) -> str:
    values: list[Any] = [source.table[column][row].as_py() for column in columns]
    return " ".join(str(value) for value in values if value not in (None, ""))
