"""The columns of names: given and family name in one form, with their skeletons and parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.identifiers import generation, person_name, short_forms
from parloir.identifiers.person_name import PersonName
from parloir.identities.columns import (
    Columns,
    Plain,
    as_text,
    distinct,
    each,
    encode,
    joined,
    or_null,
    word_sets,
)
from parloir.identities.naming import Vocabulary
from parloir.identities.roles import Profile

pc: Any = pyarrow.compute
Part = Callable[[PersonName], tuple[str, ...]]


def vocabulary(files: Sequence[tuple[pa.Table, Profile]]) -> Vocabulary:
    """What the files that have given and family name apart use as the one and as the other; nothing where no
    name must be cut."""
    given: list[str] = []
    family: list[str] = []
    if not any({"full_name", "other_family"} & profile.roles.keys() for _, profile in files):
        return Vocabulary()
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
    apart, whole, plain = _parse_family, _whole(full, words), person_name.single_words
    # A register leaves the name of use empty where it is the birth name.
    born = [_other(_Column(table, (name,)), words) for name in profile.roles.get("other_family", ())]
    parts = {
        "given": pc.coalesce(
            given.read(person_name.tokens, plain), full.parts(whole, lambda name: name.given)
        ),
        "family": pc.coalesce(
            family.parts(apart, lambda name: name.family, plain),
            full.parts(whole, lambda name: name.family),
            *born,
        ),
    }
    others = [
        family.parts(apart, lambda name: name.other_family, _without_others),
        full.parts(whole, lambda name: name.other_family),
        *born,
    ]
    told = pc.coalesce(*(column.generations() for column in (family, full, given)))
    return {**_forms(parts["given"], parts["family"], others), "generation": told}


@dataclass(frozen=True)
class _Column:
    """A column of a file, or several side by side, or none."""

    table: pa.Table
    names: tuple[str, ...]

    def written(self) -> Any:
        return encode(joined([as_text(self.table[name]).combine_chunks() for name in self.names], " "))

    def texts(self) -> Any:
        written = self.written()
        return generation.without(written.dictionary).take(written.indices)

    def generations(self) -> Any:
        if not self.names:
            return pa.nulls(self.table.num_rows, pa.string())
        written = self.written()
        return generation.generations(written.dictionary).take(written.indices)

    def distinct(self) -> list[str]:
        return distinct(self.texts()) if self.names else []

    def read(self, words: Callable[[str], Sequence[str]], plain: Plain | None = None) -> Any:
        if not self.names:
            return pa.nulls(self.table.num_rows, pa.string())
        return or_null(each(self.texts(), lambda text: " ".join(words(text)), pa.string(), plain))

    def parts(self, parse: Callable[[str], PersonName | None], part: Part, plain: Plain | None = None) -> Any:
        return self.read(lambda text: part(name) if (name := parse(text)) else (), plain)


def _without_others(texts: Any) -> Any:
    """A single word has no other names beside it."""
    return pc.if_else(pc.is_valid(person_name.single_words(texts)), "", None)


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
    return {
        "given": given,
        "family": family,
        "given_short": each(given, short_forms.pattern, pa.string()),
        "given_sex": each(given, lambda text: person_name.form(text.split()[0]), pa.string()),
        "given_key": each(given, lambda text: " ".join(map(name_key, text.split())), pa.string()),
        "family_key": each(family, lambda text: " ".join(map(person_name.key, text.split())), pa.string()),
        "given_parts": word_sets(given, name_key, 1),
        "family_parts": word_sets(family_all, person_name.key, 2),
        "names": (names := word_sets(everything, name_key, 1)),
        "names_whole": pc.binary_join(
            pc.if_else(pc.greater(pc.list_value_length(names), 1), names, None), " "
        ),
    }


def name_key(word: str) -> str:
    """The skeleton of what a nickname stands for."""
    return person_name.key(person_name.root(word))
