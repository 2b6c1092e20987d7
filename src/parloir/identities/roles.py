"""What the columns of an unknown file hold: told by their headers, then by their values.

A role is what a column means to linking. Columns of no role that both files have are compared as text. Row
identifiers and known truth never enter: an identifier often spells the truth.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from parloir.identifiers import email, national_number, phone
from parloir.identifiers.person_name import fold
from parloir.identities import dates
from parloir.identities.beside import Claimed, completed
from parloir.identities.values import Values

SINGLE = (
    "given",
    "family",
    "full_name",
    "birth",
    "birth_year",
    "birth_month",
    "birth_day",
    "age",
    "sex",
    "postcode",
    "city",
)
"""Roles that one column fills; a second candidate is compared as text."""
ONCE = ("given", "family", "full_name", "birth", "birth_year", "birth_month", "birth_day", "sex")
"""Of these, a second column would count the same evidence twice."""
SEVERAL = ("other_family", "phone", "email", "national_id", "house", "address", "card", "ip", "relay")
"""Roles whose columns are taken together."""
TEXTS = ("birth_place", "region", "occupation", "death", "mother", "father")
"""Texts whose meaning is known."""
IN_PARTS = ("given", "family")
"""Roles whose value may stand in numbered columns, joined in their order: `apellido1`, `apellido2`."""
ROLES = (*SINGLE, *SEVERAL, *TEXTS, "id", "truth", "ignore")

_HEADERS: list[dict[str, str]] = tomllib.loads(
    files("parloir.identities").joinpath("data/headers.toml").read_text("utf-8")
)["header"]
_PATTERNS = tuple((one["role"], re.compile(one["pattern"])) for one in _HEADERS)
_INFLECTED = re.compile(r"(?<=\w\w)(?:\([^\W\d]{1,2}\)|[·./](?:e|a|o|s|es|as|os)(?=[\s_]|$))", re.I)
"""Endings of the other sex and of the plural: `Prénom(s)`, `né·e`, `nato/a`."""
_IDENTIFIER = re.compile(
    r"(.* )?(id|uid|uuid|guid|index|idx|key|identifier|identifiant|row|rowid|row number|recid|pk|no|num|)"
)
_SEX = frozenset(
    (
        "m",
        "f",
        "male",
        "female",
        "h",
        "homme",
        "femme",
        "man",
        "woman",
        "masculin",
        "feminin",
        "1",
        "2",
        "u",
        "x",
    )
)
_POSTCODE = re.compile(r"[0-9]{4,6}|[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}|[0-9]{5}-[0-9]{4}", re.I)
_DATED = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{4}([-/.])[0-9]{1,2}\2[0-9]{1,2}")
"""Written as a date, whether or not there is such a day: `00/00/0000`."""
_YEAR = re.compile(r"(?:c|ca|circa|um|vers|~|env)?[. ]*(?:1[0-9]|20)[0-9]{2}(?:\.0)?\??", re.I)
_AGE = re.compile(r"(?:[0-9]|[1-9][0-9]|1[01][0-9])(?:[.,]0+)?(?: [a-z]+\.?)?", re.I)
_NUMBERED = re.compile(r".* [2-4]|(segundo|second|2nd) .*|.* materno")
_KEY = re.compile(r"[A-Za-z]{0,6}[-_ ]?[0-9]+([-_][A-Za-z0-9]+)*|(?=[a-zA-Z]*[0-9])[a-zA-Z0-9]{6,}")
_STREET = re.compile(
    r"[0-9]{1,4} ?(bis|ter|quater|[a-f])?[ ,]+[^0-9]{4,}|[^0-9]{5,}[ ,]+[0-9]{1,4} ?[a-z]?", re.I
)
"""A house number and words, or words and a house number."""
_WAY = re.compile(
    r"\b(?:rue|avenue|av|ave|bd|boulevard|bvd|allee|chemin|impasse|place|quai|route|square|street|st|road|rd"
    r"|lane|drive|calle|avenida|avda|plaza|paseo|via|viale|piazza|corso|rua|travessa|largo|ul|ulica|aleja"
    r"|caddesi|cad|sokak|sok|strada|str|bulevardul|shara|nhj|ulitsa|odos)\b"
    r"|[a-z]{3}(?:strasse|str|weg|platz|gasse|straat|laan|steenweg|plein|gata|gatan|vej)\b"
)
"""Words for a street, folded."""
_PHONE = re.compile(r"[+(]?[0-9][0-9 ().\-/]{7,20}")
MOST_SEXES = 20
"""Spellings of the sexes, and forms of address, that one file has at most."""
SAMPLE = 2000
"""Values of a column that are looked at."""


@dataclass(frozen=True)
class Profile:
    """What each column of one file is taken for.

    Attributes:
        roles: role → its columns in the order of the file.
        texts: columns of no role, by folded header.
        unused: column → why it is left out, for people.
    """

    roles: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str] = field(default_factory=dict)
    unused: Mapping[str, str] = field(default_factory=dict)

    def column(self, role: str) -> str | None:
        """The only column of a role, or None."""
        return self.roles.get(role, (None,))[0]


def header(name: str) -> str:
    """A header folded for comparison: `firstName1` → `first name 1`, `Né(e) le` → `ne le`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])", " ", _INFLECTED.sub("", name))
    return fold(spaced.replace("_", " "))


def by_header(name: str, values: Values) -> str | None:
    """The role that a header claims, if its values do not contradict it."""
    folded = header(name)
    for role, pattern in _PATTERNS:
        if pattern.fullmatch(folded) and _bears_out(role, values):
            return role
    return "id" if _IDENTIFIER.fullmatch(folded) and values.unique else None


def _bears_out(role: str, values: Values) -> bool:
    if role in ("sex", "truth"):
        return values.distinct <= MOST_SEXES if role == "sex" else values.filled > 0
    if role == "national_id" and _share(values, dates.looks_like_one) >= 0.5:
        return False
    least, holds = _BORNE_OUT.get(role, (-1.0, bool))
    return _share(values, holds) > least


def _is_document(text: str) -> bool:
    """As numbers of papers are written: five signs or more, three of them digits."""
    signs = [sign for sign in text if sign.isalnum()]
    return 5 <= len(signs) <= 25 and sum(sign.isdigit() for sign in signs) >= 3


def _lettered(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


_BORNE_OUT: dict[str, tuple[float, Callable[[str], bool]]] = {
    "email": (0.3, lambda text: email.normalise(text) is not None),
    "birth": (0.3, lambda text: bool(dates.parse(text) or _DATED.fullmatch(text.strip()))),
    "age": (0.7, lambda text: bool(_AGE.fullmatch(text.strip()))),
    "national_id": (0.5, _is_document),
    "postcode": (0.5, lambda text: any(sign.isdigit() for sign in text)),
    **dict.fromkeys(
        ("city", "full_name", "given", "family", "mother", "father", "address"), (0.5, _lettered)
    ),
}
"""Roles that a header claims: the share of values, above which they bear it out, and what each must be."""


def by_content(values: Values) -> str | None:
    """The role that values show whatever their header says."""
    lettered = any(text.isalpha() for text in values.sample)  # 1 and 2 under any header are numbers
    if lettered and values.distinct <= 4 and _share(values, lambda text: fold(text) in _SEX) > 0.95:
        return "sex"
    if national_number.mostly(values.sample):
        return "national_id"
    return next((role for role, least, holds in _SHOWN if _share(values, holds) > least), None) or _by_form(
        values
    )


def _by_form(values: Values) -> str | None:
    dialled = _share(values, _is_phone) > 0.7 and _share(values, _is_dialled) > 0.5
    if dialled and values.distinct > 0.3 * values.filled:
        return "phone"
    if _share(values, lambda text: bool(_POSTCODE.fullmatch(text.strip()))) > 0.9 and not values.unique:
        return "postcode"
    if values.unique and _looks_numbered(values):
        return "id"
    streets = _share(values, lambda text: bool(_STREET.fullmatch(text.strip()))) > 0.7
    return "address" if streets or _share(values, _is_street) > 0.4 else None


def _is_street(text: str) -> bool:
    """A number and a word for a street in one of many languages."""
    return any(sign.isdigit() for sign in text) and bool(_WAY.search(fold(text)))


_SHOWN: tuple[tuple[str, float, Callable[[str], bool]], ...] = (
    ("email", 0.6, lambda text: email.normalise(text) is not None),
    ("birth", 0.8, dates.looks_like_one),
    ("year", 0.9, lambda text: bool(_YEAR.fullmatch(text.strip()))),
)
"""Roles that the form of a value alone shows: the least share of values that have it."""


def _is_phone(text: str) -> bool:
    written = text.strip()
    return (
        bool(_PHONE.fullmatch(written))
        and not _DATED.fullmatch(written)
        and phone.parse(text, "FR") is not None
    )


def _is_dialled(text: str) -> bool:
    """Written with signs, a nought or a plus, or known to a numbering plan: no number of a paper."""
    written = text.strip()
    number = phone.parse(text, "FR")
    return not written.isdigit() or written.startswith("0") or (number is not None and number.valid)


def _looks_numbered(values: Values) -> bool:
    """Row numbers and keys: digits, one stem with digits, or one word of letters and digits."""
    return _share(values, lambda text: bool(_KEY.fullmatch(text))) > 0.9


def _share(values: Values, holds: object) -> float:
    if not values.sample or not callable(holds):
        return 0.0
    return sum(bool(holds(text)) for text in values.sample) / len(values.sample)


def profile(columns: Mapping[str, Values], told: Mapping[str, str]) -> Profile:
    """Roles of all columns of one file.

    Args:
        columns: values by column name, in the order of the file.
        told: column → role, where a person said so; it is not doubted.
    """
    claimed = _claimed(columns, told)
    roles: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    unused: dict[str, str] = {}
    for name, values in columns.items():
        role = claimed[name]
        reason = _left_out(role, values)
        if reason:
            unused[name] = reason
        if role in ("id", "truth"):
            roles.setdefault(role, []).append(name)
        elif role in roles and role in IN_PARTS and _NUMBERED.fullmatch(header(name)) and not reason:
            roles[role].append(name)
        elif role in roles and role in ONCE and not reason:
            unused[name] = f"says what “{roles[role][0]}” says"
        elif role in ROLES and not reason and not (role in (*SINGLE, *TEXTS) and role in roles):
            roles.setdefault(role, []).append(name)
        elif not reason:
            texts[header(name) or name] = name
    if "house" in roles and "address" not in roles:
        roles["address"] = roles.pop("house")
    return Profile({role: tuple(names) for role, names in roles.items()}, texts, unused)


def _claimed(columns: Mapping[str, Values], told: Mapping[str, str]) -> Claimed:
    """The role of each column by what was told, its header, its values, and the other columns."""
    claimed: Claimed = {
        name: told.get(name) or ((by_header(name, values) or by_content(values)) if values.filled else None)
        for name, values in columns.items()
    }
    return completed(columns, claimed, header)


def _left_out(role: str | None, values: Values) -> str:
    if values.filled == 0:
        return "empty"
    if role in ("id", "truth", "ignore"):
        return {"id": "identifies the row", "truth": "tells who is who", "ignore": "is about the file"}[role]
    constant = values.distinct == 1 and values.filled == values.rows > 1
    return "has one value only" if role is None and constant else ""
