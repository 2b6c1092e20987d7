"""What a column holds, told by the columns beside it where its own header and values leave it open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from parloir.identities.naming import held_by, mostly_whole, name_roles, whole
from parloir.identities.values import Values

Claimed = dict[str, str | None]
"""Column → role, or None."""
_PLACES = frozenset("a in te en w em lieu place luogo lugar local ort yer".split())  # noqa: SIM905 - words
"""Headers of a place, beside a date of birth the place of it: `Né(e) le`, `à`."""
_USED = re.compile(r".*\b(d ?usage|dusage|usage|marital)\b.*")
"""Headers of a name of use, folded."""
_HOUSES = frozenset("ndeg no nr n num numero number numer numar nummer civico bina".split())  # noqa: SIM905
"""Headers of a number, beside streets without numbers that of the house."""
_HOUSE = re.compile(r"[0-9]{1,4}\b.{0,10}|[0-9]{1,4}[a-z]", re.I)
MOST_NUMBERED = 0.3
"""Share of streets with a digit in them, above which their house numbers stand in no column of their own."""


def completed(columns: Mapping[str, Values], claimed: Claimed, header: Callable[[str], str]) -> Claimed:
    """What headers and values say of each column, mended and completed by the other columns.

    Args:
        columns: values by column name, in the order of the file.
        claimed: what each says by itself.
        header: folds a header.
    """
    placed = _house(columns, _birth_place(columns, claimed, header), header)
    return _years(columns, _names(columns, _of_birth(placed, header)))


def _of_birth(claimed: Claimed, header: Callable[[str], str]) -> Claimed:
    """The family name beside a name of use is that of birth: who has both goes by the name of use."""
    families = [name for name, role in claimed.items() if role == "family"]
    plain = [name for name in families if not _USED.fullmatch(header(name))]
    return claimed | (dict.fromkeys(plain, "other_family") if len(plain) < len(families) else {})


def _names(columns: Mapping[str, Values], claimed: Claimed) -> Claimed:
    """What headers say of names, mended and completed by the values."""
    named = {role for role in ("given", "family", "full_name") if role in claimed.values()}
    others = [name for name, role in claimed.items() if role == "other_family"]
    if others and named <= {"given"}:
        return claimed | (dict.fromkeys(others, "full_name") if not named else {others[0]: "family"})
    if named in ({"given", "full_name"}, {"family", "full_name"}):
        return claimed | _parts(columns, claimed)
    if "full_name" in named or len(named) == 2:
        return claimed
    open_ = {name: values for name, values in columns.items() if claimed[name] is None and values.filled}
    found = name_roles(open_, frozenset(named))
    told = claimed | {name: role for name, role in found.items() if role not in named}
    return told if {"given", "family"} <= set(told.values()) else told | _entire(columns, told)


def _parts(columns: Mapping[str, Values], claimed: Claimed) -> Claimed:
    """Columns called a name beside a column of given or of family names, that hold the other part alone:
    `Nom du visiteur` beside `Prénom du visiteur`, `الاسم` beside `اللقب`."""
    families = [columns[name] for name, role in claimed.items() if role == "family"]
    called = [name for name, role in claimed.items() if role == "full_name"]
    if not families:
        return {name: "family" for name in called if not whole(columns[name])}
    return {name: "given" for name in called if not held_by(columns[name], families[0])}


def _entire(columns: Mapping[str, Values], claimed: Claimed) -> Claimed:
    """A column called given or family name in a file without the other part, that holds whole names."""
    parts = [name for name, role in claimed.items() if role in ("given", "family")]
    return {name: "full_name" for name in parts if len(parts) == 1 and mostly_whole(columns[name])}


def _birth_place(columns: Mapping[str, Values], claimed: Claimed, header: Callable[[str], str]) -> Claimed:
    if "birth_place" in claimed.values():
        return claimed
    beside = [
        name
        for before, name in pairwise(columns)
        if claimed[before] == "birth" and claimed[name] is None and header(name) in _PLACES
    ]
    return claimed | {name: "birth_place" for name in beside[:1] if _wordy(columns[name])}


def _wordy(values: Values) -> bool:
    return sum(any(map(str.isalpha, text)) for text in values.sample) > 0.5 * len(values.sample)


def _house(columns: Mapping[str, Values], claimed: Claimed, header: Callable[[str], str]) -> Claimed:
    """House numbers in a column of their own beside streets without numbers."""
    order = list(columns)
    for one, other in (*pairwise(order), *pairwise(order[::-1])):
        numbers, streets = columns[other], columns[one]
        if claimed[one] == "address" and claimed[other] is None and header(other) in _HOUSES:
            numbered = sum(any(map(str.isdigit, text)) for text in streets.sample)
            houses = sum(bool(_HOUSE.fullmatch(text.strip())) for text in numbers.sample)
            if numbered < MOST_NUMBERED * len(streets.sample) and houses > 0.7 * len(numbers.sample):
                return {**claimed, other: "house"}
    return claimed


def _years(columns: Mapping[str, Values], claimed: Claimed) -> Claimed:
    """Columns of years: the earlier is that of birth, unless another column is, the later that of death."""
    years = [name for name, role in claimed.items() if role == "year"]
    years.sort(
        key=lambda name: sorted(text[-4:] for text in columns[name].sample)[len(columns[name].sample) // 2]
    )
    born = {"birth", "birth_year"} & set(claimed.values())
    free = [
        role for role in ("birth", "death") if not (role == "birth" and born) and role not in claimed.values()
    ]
    meant = dict(zip(years, free, strict=False))
    return {name: meant.get(name) if role == "year" else role for name, role in claimed.items()}
