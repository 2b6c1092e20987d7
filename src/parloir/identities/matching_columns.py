"""Columns of two files that mean the same although their headers differ: they share their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from parloir.identifiers.person_name import fold
from parloir.identities.columns import distinct
from parloir.identities.link_input import LinkInput, values
from parloir.identities.records import Shape
from parloir.identities.roles import Profile

LOOSE = ("city", "region", "occupation", "birth_place", "postcode")
"""Roles that the values of the other file may give to a column without one."""
SHARED, COMMON = 0.3, 5
"""Least share of the rows on each side whose value the other side has, and least number of such values."""
NEARLY_ALL, FEWEST = 0.8, 3
"""The share for which fewer values will do: `chef`, `sa femme`, `son fils`."""
SHARED_KEYS, LONG_KEY = 0.05, 5
"""Least share of a column of keys that another has, for which it is told, and signs of a key that counts."""


def matched(inputs: Sequence[LinkInput], profiles: Sequence[Profile]) -> list[Profile]:
    """The profiles, with a column that only one file names known in the other by its values."""
    if len(inputs) < 2:
        return list(profiles)
    left, right = profiles
    ours, theirs = _alone(left, right), _alone(right, left)
    if not ours or not theirs:
        return [left, right]
    seen = [
        {title: _counted(one, column) for title, column in alone.items()}
        for one, alone in zip(inputs, (ours, theirs), strict=True)
    ]
    likeness = {(a, b): _shared(seen[0][a], seen[1][b]) for a in ours for b in theirs}
    for (a, b), share in sorted(likeness.items(), key=lambda entry: (-entry[1], entry[0])):
        if share >= SHARED and a in ours and b in theirs and not (a in LOOSE and b in LOOSE):
            title = b if b in LOOSE else a
            left, right = _named(left, a, title), _named(right, b, title)
            del ours[a], theirs[b]
    return [left, right]


def told(profile: Profile, common: Shape) -> dict[str, tuple[str, ...]]:
    """What each column of one file was taken for, those compared as text too."""
    titles = {title.strip("“”") for role, title in common.texts.values() if role == "text"}
    texts = tuple(column for title, column in profile.texts.items() if title in titles)
    return {**profile.roles, **({"text": texts} if texts else {})}


def left_over(inputs: Sequence[LinkInput], profiles: Sequence[Profile]) -> list[str]:
    """A sentence for each column that is compared with nothing, so that none vanishes in silence."""
    said = _shared_keys(inputs, profiles)
    for one, profile, other in zip(inputs, profiles, reversed(profiles), strict=True):
        said += [f"{one.name}: column “{name}” {why}: not compared" for name, why in profile.unused.items()]
        lone = [column for title, column in profile.texts.items() if title not in other.texts]
        lone += [
            profile.roles[role][0] for role in LOOSE if role in profile.roles and role not in other.roles
        ]
        said += [
            f"{one.name}: column “{name}” has nothing like it in the other file: not compared"
            for name in lone
        ]
    return said


def _shared_keys(inputs: Sequence[LinkInput], profiles: Sequence[Profile]) -> list[str]:
    """Identifiers that both files share may be numbers of papers, or spell the truth: only a person knows."""
    if len(inputs) < 2:
        return []
    left, right = (
        [(one, name) for name in profile.roles.get("id", ())]
        for one, profile in zip(inputs, profiles, strict=True)
    )
    return [
        f"{one.name}: column “{name}” shares values with “{theirs}” of {other.name}: not compared, for it "
        "may tell who is who; if it is the number of a paper, name both national_id with --columns"
        for one, name in left
        for other, theirs in right
        if _common(one.table[name], other.table[theirs])
    ]


def _common(one: Any, other: Any) -> bool:
    """Whether two columns of keys share values, row numbers apart."""
    keys = [text for text in distinct(one) if len(text) >= LONG_KEY]
    both = len(set(keys) & set(distinct(other)))
    return both >= COMMON and both >= SHARED_KEYS * len(keys)


def _alone(one: Profile, other: Profile) -> dict[str, str]:
    """Columns of one file that the other has nothing to set against: by text header or by role."""
    texts = {title: column for title, column in one.texts.items() if title not in other.texts}
    roles = {role: one.roles[role][0] for role in LOOSE if role in one.roles and role not in other.roles}
    return texts | roles


def _counted(one: LinkInput, column: str) -> Mapping[str, int]:
    """Rows by folded value; nothing for a column of bare numbers, which agree by chance."""
    sample = [fold(text) for text in values(one.table[column]).sample]
    counted: dict[str, int] = {}
    for text in sample:
        counted[text] = counted.get(text, 0) + 1
    short = sum(text.isdigit() and len(text) < 4 for text in sample)
    return counted if short < len(sample) / 2 else {}


def _shared(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    both = one.keys() & other.keys() - {""}
    if len(both) < FEWEST:
        return 0.0
    share = min(sum(side[text] for text in both) / sum(side.values()) for side in (one, other))
    return share if len(both) >= COMMON or share >= NEARLY_ALL else 0.0


def _named(profile: Profile, title: str, new: str) -> Profile:
    """The same with a column of texts under another title, or in a role."""
    if title == new:
        return profile
    texts = dict(profile.texts)
    column = texts.pop(title)
    if new in LOOSE:
        return replace(profile, texts=texts, roles={**profile.roles, new: (column,)})
    return replace(profile, texts={**texts, new: column})
