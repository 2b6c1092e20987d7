"""The name of a person's mother or father: whole, in part, in another spelling."""

from __future__ import annotations

from parloir.identifiers import person_name
from parloir.identities.levels import Comparison, Level, either_null, jw, slip

PARENTS = ("mother", "father")
"""Roles of columns, and names of comparisons."""


def form(text: str) -> str:
    """The words of a name that are compared."""
    return " ".join(person_name.tokens(text))


def key(text: str) -> str:
    """Their skeletons, in alphabetical order."""
    return person_name.name_key(person_name.tokens(text))


def _within(one: str, other: str) -> str:
    return f"list_has_all(string_split({one}, ' '), string_split({other}, ' '))"


def parent(role: str) -> Comparison:
    """The comparison of a column of mothers' or fathers' names."""
    left, right = f"{role}_l", f"{role}_r"
    return Comparison(
        role,
        either_null(role),
        (
            Level("same", f"{left} = {right}", 0.6, 0.001, 1, f"same {role}'s name"),
            Level(
                "spelling",
                f"{role}_key_l = {role}_key_r",
                0.1,
                0.001,
                1,
                f"{role}'s name in another spelling",
            ),
            Level(
                "close",
                f"{jw(left, right)} >= .93 OR {slip(left, right)}",
                0.1,
                0.002,
                0.5,
                f"{role}'s names a letter or two apart",
            ),
            Level(
                "part",
                f"{_within(left, right)} OR {_within(right, left)}",
                0.08,
                0.01,
                0.5,
                f"part of the {role}'s name",
            ),
            Level("alike", f"{jw(left, right)} >= .8", 0.04, 0.04, 0, f"{role}'s names somewhat alike"),
            Level("different", "", 0.08, 0.946, 0, f"another {role}'s name"),
        ),
        value=role,
        sound=f"{role}_key",
        role=role,
        unlike=0.3,
    )
