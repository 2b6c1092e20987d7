"""Postal addresses, French ones by AFNOR NF Z10-011 (words, abbreviations, order of the lines).

A relay point, a locker and a post office are places where many people fetch parcels: they are told from
homes, because sharing one is weak evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from parloir.identifiers.person_name import fold

Place = Literal["home", "relay", "locker", "post_office"]

_WAYS = {
    "all": "allee",
    "av": "avenue",
    "ave": "avenue",
    "aven": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "blvd": "boulevard",
    "boul": "boulevard",
    "bvd": "boulevard",
    "car": "carrefour",
    "ch": "chemin",
    "che": "chemin",
    "chem": "chemin",
    "cht": "chemin",
    "cite": "cite",
    "cor": "corniche",
    "crs": "cours",
    "dom": "domaine",
    "fg": "faubourg",
    "fbg": "faubourg",
    "grande rue": "grande rue",
    "gr": "grande rue",
    "ham": "hameau",
    "imp": "impasse",
    "lot": "lotissement",
    "lotis": "lotissement",
    "mte": "montee",
    "pas": "passage",
    "pass": "passage",
    "pl": "place",
    "plc": "place",
    "prom": "promenade",
    "qu": "quai",
    "qua": "quartier",
    "quart": "quartier",
    "r": "rue",
    "res": "residence",
    "resid": "residence",
    "rle": "ruelle",
    "rpt": "rond point",
    "rte": "route",
    "rt": "route",
    "sen": "sentier",
    "sq": "square",
    "sqr": "square",
    "str": "street",
    "tra": "traverse",
    "vlge": "village",
    "za": "zone artisanale",
    "zac": "zone d amenagement concerte",
    "zi": "zone industrielle",
    "rd": "road",
    "dr": "drive",
    "ln": "lane",
    "crt": "court",
    "pde": "parade",
}
"""Types of way: AFNOR's abbreviations and the usual ones, each to its full word."""
_WORDS = {
    "gal": "general",
    "gen": "general",
    "mal": "marechal",
    "pdt": "president",
    "pres": "president",
    "prof": "professeur",
    "doct": "docteur",
    "cdt": "commandant",
    "col": "colonel",
    "cne": "capitaine",
    "cap": "capitaine",
    "lt": "lieutenant",
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "nd": "notre dame",
    "jj": "jean jacques",
    "fbg": "faubourg",
    "gd": "grand",
    "gde": "grande",
    "pt": "petit",
    "pte": "petite",
    "vx": "vieux",
}
_WAY_WORDS = frozenset(_WAYS) | frozenset(_WAYS.values())
_ROADS = frozenset(("departementale", "nationale", "communale", "vicinal", "rural", "rd", "rn", "no", "lot"))
"""Words after which a number belongs to the road."""
_REPETITION = {"b": "bis", "bis": "bis", "t": "ter", "ter": "ter", "q": "quater", "quater": "quater"}
_SMALL = frozenset(
    ["de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "aux", "et", "en", "sur", "sous", "the", "of"]
)
_PARTS = (
    ("building", r"\b(?:bat(?:iment)?|bt|immeuble|imm|tour|bloc|block)\s+([a-z0-9]+)\b"),
    ("staircase", r"\b(?:esc(?:alier)?|entree|ent|cage)\s+([a-z0-9]{1,3})\b"),
    (
        "floor",
        (
            r"\b(?:(?:etage|etg|et|niveau|floor)\s+([0-9]{1,2})"
            r"|([0-9]{1,2})\s*(?:er|e|eme|nd|th)?\s+(?:etage|etg|floor)|(rdc|rez de chaussee))\b"
        ),
    ),
    (
        "apartment",
        r"\b(?:appartement|appart|appt|apt|app|porte|pte|logement|lgt|chambre|flat|unit|bte|boite|bus)\s+(?:n\s*|no\s*)?([a-z]?[0-9]+[a-z]?)\b",
    ),
    ("box", r"\b(?:bp|boite postale|cs|tsa|po box|p o box)\s*([0-9]+(?: [0-9]+)*)\b"),
)
_PART_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _PARTS)
_CARE = re.compile(r"\b(?:chez|c o|s c de|aux bons soins de|care of)\s+(.+)")
_CEDEX = re.compile(r"\bcedex(?:\s+([0-9]{1,2}))?\b")
_NUMBER = re.compile(r"\b([0-9]{1,4})\s*(?:(bis|ter|quater|[a-f])\b)?(?=\s|$)\s*([a-z]*)")
_RELAY = re.compile(r"\b(?:relais|mondial relay|point mondial|pickup|relay point|parcel shop|shop2shop)\b")
_LOCKER = re.compile(r"\b(?:locker|lockers|consigne|packstation|parcel box|amazon hub)\b")
_POST_OFFICE = re.compile(r"\b(?:poste restante|bureau de poste|la poste|general delivery)\b")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts, folded to lower-case ASCII; empty where the part is missing.

    Attributes:
        number: house number.
        repetition: bis, ter, quater or a letter.
        street: type of way and name, abbreviations written out, small words dropped.
        complement: what stood before the number: a residence, an industrial estate, a firm.
        building, staircase, floor, apartment: inside the door.
        box: a post-office box (BP, CS, TSA).
        care_of: who lives there (`chez`), which is not the person.
        postcode: letters and digits only.
        city: without CEDEX.
        cedex: whether it is a business delivery.
        place: what kind of place it is.
    """

    number: str
    repetition: str
    street: str
    complement: str
    building: str
    staircase: str
    floor: str
    apartment: str
    box: str
    care_of: str
    postcode: str
    city: str
    cedex: bool
    place: Place

    @property
    def door(self) -> str:
        """Number, repetition and street, the same for all behind one entrance; empty without a street."""
        return (
            " ".join(part for part in (self.number, self.repetition, self.street) if part)
            if self.street
            else ""
        )

    @property
    def home(self) -> str:
        """The door with building, staircase and apartment."""
        inside = (self.building, self.staircase, self.apartment)
        return " ".join((self.door, *(part for part in inside if part))) if self.door else ""


@lru_cache(maxsize=1 << 16)
def parse(street: str | None, postcode: str | None = None, city: str | None = None) -> Address | None:
    """An address as written; None where there is nothing but blanks.

    Args:
        street: street lines, joined by a comma or a line break.
        postcode: as written, or None: then one is looked for in the city and in the street lines.
        city: as written.
    """
    rest, place = fold((street or "").replace(",", " ; ")), fold(city)
    if not rest and not place and not fold(postcode):
        return None
    code = re.sub(r"[^a-z0-9]", "", fold(postcode))
    if not code:
        code, rest, place = _find_postcode(rest, place)
    cedex = bool(_CEDEX.search(place) or _CEDEX.search(rest))
    town = " ".join(_WORDS.get(word, word) for word in _CEDEX.sub("", place).split())
    kind = _place(rest)
    care, rest = _take(_CARE, rest)
    if care and (number := _NUMBER.search(care)):
        care, rest = care[: number.start()].strip(), f"{rest} {care[number.start() :]}".strip()
    parts: dict[str, str] = {}
    for name, pattern in _PART_PATTERNS:
        parts[name], rest = _take(pattern, rest)
    house = _house(_CEDEX.sub("", rest).strip())
    return Address(**house, **parts, care_of=care, postcode=code, city=town, cedex=cedex, place=kind)


def _find_postcode(rest: str, place: str) -> tuple[str, str, str]:
    """A French postcode at the head of the city, or at the end of the street lines with the city after it."""
    if match := re.match(r"(?:f |fr )?([0-9]{5})\b\s*", place):
        return match[1], rest, place[match.end() :]
    if match := re.search(r"\b([0-9]{5})\s+([a-z][a-z0-9 ]*)$", rest):
        return match[1], rest[: match.start()].strip(), place or match[2]
    return "", rest, place


def _place(line: str) -> Place:
    if _LOCKER.search(line):
        return "locker"
    if _RELAY.search(line):
        return "relay"
    return "post_office" if _POST_OFFICE.search(line) else "home"


def _take(pattern: re.Pattern[str], line: str) -> tuple[str, str]:
    """What a pattern finds, and the line without it."""
    match = pattern.search(line)
    if match is None:
        return "", line
    found = next(group for group in match.groups() if group)
    return found, " ".join((line[: match.start()] + " " + line[match.end() :]).split())


def _house(line: str) -> dict[str, str]:
    """House number, street and what stood before them."""
    for match in _NUMBER.finditer(line):
        before, after = line[: match.start()].strip(), line[match.start(3) :].strip()
        last = not after and _numbered_last(before, match[1])
        if not before or match[3] in _WAY_WORDS or last:
            street, complement = (after, before) if after else (before, "")
            repetition = _REPETITION.get(match[2] or "", match[2] or "")
            return _named(str(int(match[1])), repetition, _street(street), complement)
    return _named("", "", _street(line), "")


def _numbered_last(before: str, number: str) -> bool:
    """Whether what ends a line is the house number (`rue Haute 147`), and no part of the street's name: a
    year (`rue du 19 mars 1962`), the number of a road (`route départementale 12`) or of a nameless way."""
    words = before.split(" ")
    named = len(words) > 1 and len(number) < 4 and words[-1] not in _ROADS
    return words[0] not in _WAY_WORDS or named


def _named(number: str, repetition: str, street: str, complement: str) -> dict[str, str]:
    return {"number": number, "repetition": repetition, "street": street, "complement": complement}


def _street(line: str) -> str:
    words = line.split()
    if words:
        words[0] = _WAYS.get(words[0], words[0])
        words[-1] = _WAYS.get(words[-1], words[-1]) if len(words) > 1 else words[-1]
    spelt = " ".join(_WORDS.get(word, word) for word in words).split()
    return " ".join([word for word in spelt if word not in _SMALL] or spelt)
