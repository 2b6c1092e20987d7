"""The columns of names: given and family name in one form, with their skeletons and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.identifiers import person_name
from parloir.identifiers.person_name import PersonName
from parloir.identities.columns import Columns, as_text, distinct, each, joined
from parloir.identities.naming import Vocabulary
from parloir.identities.roles import Profile

pc: Any = pyarrow.compute
Part = Callable[[PersonName], tuple[str, ...]]


def vocabulary(files: Iterable[tuple[pa.Table, Profile]]) -> Vocabulary:
    """What the files that have given and family name apart use as the one and as the other."""
    given: list[str] = []
    family: list[str] = []
    for table, profile in files:
        if {"given", "family"} <= profile.roles.keys():
            given += [text for name in profile.roles["given"] for text in distinct(table[name])]
            family += [text for name in profile.roles["family"] for text in distinct(table[name])]
    return Vocabulary.of(given, family)


def name_columns(table: pa.Table, profile: Profile, words: Vocabulary) -> Columns:
    """Given and family name; where one is missing, that part of the full name.

    Args:
        table: the file.
        profile: the roles of its columns.
        words: that tell given names from family names where a full name must be cut.
    """
    given, family, full = (
        _Column(table, profile.roles.get(role, ())) for role in ("given", "family", "full_name")
    )
    if not (given.names or family.names or full.names):
        return {}
    apart, whole = _parse_family, _whole(full, words)
    # A register leaves the name of use empty where it is the birth name.
    born = [_other(_Column(table, (name,)), words) for name in profile.roles.get("other_family", ())]
    parts = {
        "given": pc.coalesce(given.read(person_name.tokens), full.parts(whole, lambda name: name.given)),
        "family": pc.coalesce(
            family.parts(apart, lambda name: name.family), full.parts(whole, lambda name: name.family), *born
        ),
    }
    others = [
        family.parts(apart, lambda name: name.other_family),
        full.parts(whole, lambda name: name.other_family),
        *born,
    ]
    return _forms(parts["given"], parts["family"], others)


@dataclass(frozen=True)
class _Column:
    """A column of a file, or several side by side, or none."""

    table: pa.Table
    names: tuple[str, ...]

    def texts(self) -> Any:
        return joined([as_text(self.table[name]).combine_chunks() for name in self.names], " ")

    def distinct(self) -> list[str]:
        return distinct(self.texts()) if self.names else []

    def read(self, words: Callable[[str], Sequence[str]]) -> Any:
        if not self.names:
            return pa.nulls(self.table.num_rows, pa.string())
        return each(self.texts(), lambda text: " ".join(words(text)), pa.string())

    def parts(self, parse: Callable[[str], PersonName | None], part: Part) -> Any:
        return self.read(lambda text: part(name) if (name := parse(text)) else ())


def _parse_family(text: str) -> PersonName | None:
    return person_name.parse(text, None)


def _whole(column: _Column, words: Vocabulary) -> Callable[[str], PersonName | None]:
    """How the full names of a column are cut: in one order, the one that its words show."""
    names = column.distinct()
    family_first = words.family_first(person_name.tokens(text) for text in names)
    cut = partial(words.cut, family_first=family_first)
    parsed = {text: person_name.parse_full(text, cut) for text in names}
    return lambda text: parsed[text]


def _other(column: _Column, words: Vocabulary) -> Any:
    """Other family names; of a full birth name only the family's part."""
    whole = _whole(column, words)
    return column.parts(whole, lambda name: (*name.family, *name.other_family))


def _forms(given: Any, family: Any, others: list[Any]) -> Columns:
    family_all = joined([family, *others], " ")
    everything = joined([given, family, *others], " ")
    words = pa.list_(pa.string())
    return {
        "given": given,
        "family": family,
        "given_sex": each(given, lambda text: person_name.form(text.split()[0]), pa.string()),
        "given_key": each(given, lambda text: " ".join(map(name_key, text.split())), pa.string()),
        "family_key": each(family, lambda text: " ".join(map(person_name.key, text.split())), pa.string()),
        "given_parts": each(given, _names_of, words),
        "family_parts": each(
            family_all,
            lambda text: sorted({person_name.key(word) for word in text.split() if len(word) > 2}),
            words,
        ),
        "names": each(everything, _names_of, words),
        "names_whole": each(
            everything, lambda text: " ".join(found) if len(found := _names_of(text)) > 1 else "", pa.string()
        ),
    }


def _names_of(text: str) -> list[str]:
    return sorted({name_key(word) for word in text.split() if len(word) > 1})


def name_key(word: str) -> str:
    """The skeleton of what a nickname stands for."""
    return person_name.key(person_name.root(word))
