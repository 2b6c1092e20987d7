"""Columns of names told by their values, and full names cut in two where the words themselves say how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from parloir.identifiers import person_name
from parloir.identities.values import Values

ENOUGH = 8
"""Values below which a column's make-up says nothing."""
GIVEN_SHARE = 0.25
"""Share of known given names that makes a column one of given names; among other words some are such too."""
FULL_SHARE = 0.8
"""Share of values of two words and more in a column of full names."""
SURELY, LEAST_SHARED = 0.5, 0.1
"""Share of names with a given or family name in them that makes whole ones of them; the least, where most
are of several words."""
LEAST_VARIED = 0.05
"""Distinct values a row that family names have at least; towns and trades repeat."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A column of words.

    Attributes:
        first, anywhere: share of the values with a known given name at the beginning, or at any place.
        several: share of the values of several words.
        varied: distinct values a value.
    """

    first: float
    anywhere: float
    several: float
    varied: float


def name_roles(columns: Mapping[str, Values], known: frozenset[str] = frozenset()) -> dict[str, str]:
    """Column → `given`, `family` or `full_name`, of columns whose headers say nothing.

    Given names are known from a list, whole names by a given name among several words, and family names as
    the most varied words beside given names.

    Args:
        columns: those without a role.
        known: roles that other columns of the file have: `given` or `family`.
    """
    looks = {name: look for name, values in columns.items() if (look := _look(values))}
    given = _most({n: w.first for n, w in looks.items() if w.several < FULL_SHARE})
    entire = _most({n: w.anywhere for n, w in looks.items() if w.several >= FULL_SHARE})
    found = {given: "given"} if given else {}
    rest = {n: w.varied for n, w in looks.items() if n not in (given, entire) and w.varied > LEAST_VARIED}
    if (given or "given" in known) and rest:
        found[max(rest, key=lambda name: rest[name])] = "family"
    elif entire and not known:
        found[entire] = "full_name"
    return found


def whole(values: Values) -> bool:
    """Whether a column of names holds whole ones."""
    look = _look(values)
    return look is None or (look.several >= FULL_SHARE and look.anywhere >= GIVEN_SHARE)


def mostly_whole(values: Values) -> bool:
    """Whether a column called a part of the name surely holds whole ones: a given name in most of them."""
    look = _look(values)
    return look is not None and look.several >= FULL_SHARE and look.anywhere >= SURELY


def held_by(full: Values, family: Values) -> bool:
    """Whether a column of names has the words of a column of family names within it, as whole names have."""
    families = {word for text in family.sample for word in person_name.tokens(text)}
    names = [words for text in full.sample if (words := person_name.tokens(text))]
    if not names:
        return False
    several = sum(len(words) > 1 for words in names) / len(names)
    shared = sum(not families.isdisjoint(words) for words in names) / len(names)
    return shared >= SURELY or (several >= FULL_SHARE and shared >= LEAST_SHARED)


def _most(shares: Mapping[str, float]) -> str:
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and shares[best] >= GIVEN_SHARE else ""


def _look(values: Values) -> _Words | None:
    """None for a column that is not one of words, or too short to tell."""
    named = [person_name.tokens(text) for text in values.sample if _wordy(text)]
    named = [words for words in named if words]
    if len(named) < max(ENOUGH, 0.9 * len(values.sample)):
        return None
    size = len(named)
    return _Words(
        first=sum(person_name.is_given(words[0]) for words in named) / size,
        anywhere=sum(any(map(person_name.is_given, words)) for words in named) / size,
        several=sum(len(words) > 1 for words in named) / size,
        varied=values.distinct / values.filled,
    )


def _wordy(text: str) -> bool:
    return len(text) < 60 and not any(sign.isdigit() for sign in text) and any(s.isalpha() for s in text)


@dataclass(frozen=True)
class Vocabulary:
    """Words that two files use as given and as family names; of others, a list of given names tells.

    Attributes:
        given, family: folded words.
    """

    given: frozenset[str] = field(default_factory=frozenset)
    family: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, given: Iterable[str], family: Iterable[str]) -> Vocabulary:
        """From columns that are known to hold one or the other."""
        counted = Counter(word for text in given for word in person_name.tokens(text))
        counted.subtract(word for text in family for word in person_name.tokens(text))
        return cls(
            frozenset(word for word, more in counted.items() if more > 0),
            frozenset(word for word, more in counted.items() if more < 0),
        )

    def leans(self, word: str) -> float:
        """Above 0 for a given name, below for a family name, 0 for a word of which nothing is known."""
        if word in self.given or word in self.family:
            return 1.0 if word in self.given else -1.0
        return 0.5 if person_name.is_given(word) else 0.0

    def family_first(self, names: Iterable[tuple[str, ...]]) -> bool:
        """Whether the family name stands first in a column of full names."""
        return sum(self.leans(words[0]) - self.leans(words[-1]) for words in names if len(words) > 1) < 0

    def cut(self, words: tuple[str, ...], family_first: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Given and family name: the cut that the words agree with most; else one word is the family's."""
        if family_first:
            given, family = self.cut(words[::-1], False)
            return given[::-1], family[::-1]
        if len(words) < 2:
            return (), words
        leanings = [self.leans(word) for word in words]
        best = max(range(1, len(words)), key=lambda k: (sum(leanings[:k]) - sum(leanings[k:]), k))
        return words[:best], words[best:]
