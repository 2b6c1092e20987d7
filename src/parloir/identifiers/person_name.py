"""Names of people as they are written: folded to one alphabet, cut in tokens, reduced to consonants.

Two spellings of one name share little but their consonants (محمد, Mohamed, Mouhammad), so each token has
three forms: folded (lower-case ASCII), root (nicknames and translations joined by a table) and key (the
skeleton).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute
from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

pc: Any = pyarrow.compute


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ARABIC = str.maketrans("اأإآٱعىةئؤ", "aaaaaaaayw")
"""Long vowels, which carry the shape of a name and which a plain transliteration drops."""
_ARTICLE = re.compile(r"(?<!\S)ال(?=[\u0600-\u06ff]{4,})")
_TITLES = _words(
    "m mr mme mlle monsieur madame mademoiselle dr docteur me maitre mrs ms miss mister sir lady lord dame "
    "rev reverend prof professor professeur hon jr sr junior senior esq"
)
_RANK = re.compile(
    r".*(?:[0-9]|\b(?:baron|baronet|earl|duke|viscount|marquess|count|jr|sr|esq|phd|md|prince)\b)",
    re.I,
)
"""What follows a comma and is no given name: `Thomas Chaloner, 1st Baronet`."""
_PARTICLES = _words("de du des d van von der den di da do dos das del della el al ter ten zu")
_PREFIXES = _words(
    "ben bin ibn bn bou abou abu bint abd abdel abdul abdal abdoul ould ouled mac mc o la le les saint st "
    "wld awlad abw"
)
_LATIN = {"wld": "ould", "awlad": "ouled", "abw": "abou"}
"""Prefixes that Arabic spells without the vowels that begin them in Latin."""
_BORN, _WED = "nee ne born geb", "epouse epse ep veuve vve divorcee div dit dite alias"
_OTHER_NAME = re.compile(rf"\b(?:{'|'.join(f'{_BORN} {_WED}'.split())})\b")
_TELLING = _TITLES | _PARTICLES | _PREFIXES | _words(f"{_BORN} {_WED}")
"""Words that are no name by themselves."""


_BESIDE = re.compile(
    r"[ (,]+(?:n[ée]e?|born|geb\.?|[ée]p(?:ou)?se|veuve|vve|divorc[ée]e|dite?|alias)[ :]+", re.I
)
"""The same words in a full name as it is written, before it is folded."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in parts, each a folded token.

    Attributes:
        given: given names in their order.
        family: family name as used, particles dropped, prefixes (Ben, Abd, Mac) joined to what follows.
        other_family: birth, married or other names that stood beside it.
    """

    given: tuple[str, ...]
    family: tuple[str, ...]
    other_family: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        """All parts."""
        return self.given + self.family + self.other_family


_SIGNS = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = str.maketrans("", "", "'`’")


@lru_cache(maxsize=1 << 17)
def fold(text: str | None) -> str:
    """Lower-case ASCII words with one space between: `Ben-Ali Ü.` → `ben ali u`."""
    if not text:
        return ""
    spread = _ARTICLE.sub("ال ", text) if not text.isascii() else text
    ascii_text = spread if spread.isascii() else anyascii(spread.translate(_ARABIC))
    return " ".join(_SIGNS.sub(" ", ascii_text.lower().translate(_APOSTROPHES)).split())


def tokens(text: str | None) -> tuple[str, ...]:
    """Folded words; titles and particles dropped unless nothing else is left; prefixes joined."""
    words = [word for word in fold(text).split() if word not in _TITLES]
    joined = _join_prefixes(words)
    core = tuple(word for word in joined if word not in _PARTICLES)
    return core or tuple(joined)


def single_words(texts: Any) -> pa.Array[Any]:
    """What `tokens` makes of texts that are one word of ASCII letters and digits, for they are most of a
    column; null for all others."""
    lower = pc.ascii_lower(texts)
    telling: Any = pa.array(sorted(_TELLING), pa.string())
    plain = pc.and_not(pc.ascii_is_alnum(texts), pc.is_in(lower, telling))
    single: pa.Array[Any] = pc.if_else(plain, lower, None)
    return single


def _join_prefixes(words: list[str]) -> list[str]:
    joined: list[str] = []
    prefix = ""
    for word in words:
        if word in _PREFIXES or (prefix and word in _PARTICLES):
            prefix += _LATIN.get(word, word)
            continue
        joined.append(prefix + word)
        prefix = ""
    return [*joined, prefix] if prefix else joined


def parse(family: str | None, given: str | None) -> PersonName | None:
    """A name in two columns. Married and birth names (`DUPONT épouse MARTIN`, `née`) become other names."""
    parts = [tokens(part) for part in _OTHER_NAME.split(fold(family))]
    used, *others = [part for part in parts if part] or [()]
    name = PersonName(tokens(given), used, tuple(token for other in others for token in other))
    return name if name.tokens else None


Cut = Callable[[tuple[str, ...]], tuple[tuple[str, ...], tuple[str, ...]]]
"""Folded words → given names and family name."""


def parse_full(text: str | None, cut: Cut | None = None) -> PersonName | None:
    """A name in one column: `Family, Given`, `FAMILY Given`, `Given FAMILY` or `Given Family`.

    Args:
        text: as written. What follows `née`, `épouse` or `alias` is another name.
        cut: where words alone must tell; else the last word is the family name.
    """
    first, *others = _BESIDE.split(text or "")
    name = _parse_one(first, cut)
    if not name or not others:
        return name or (_parse_one(others[0], cut) if others else None)
    beside = [token for other in others for token in tokens(other) if token not in name.given]
    return PersonName(name.given, name.family, tuple(beside))


def _parse_one(written: str, cut: Cut | None) -> PersonName | None:
    before, comma, after = written.partition(",")
    if comma and not _RANK.match(after):
        return parse(before, after)
    written = before if comma else written
    words = written.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1 and "." not in word]
    if 0 < len(capitals) < len(words):
        return parse(" ".join(capitals), " ".join(word for word in words if word not in capitals))
    folded = tokens(written)
    if not folded:
        return None
    return PersonName(*(cut(folded) if cut else (folded[:-1], folded[-1:])))


@cache
def _roots() -> dict[str, str]:
    table = files("parloir.identifiers").joinpath("data/nicknames.csv").read_text("utf-8")
    return {row["name"]: row["root"] for row in csv.DictReader(table.splitlines())}


@cache
def _listed() -> frozenset[str]:
    """Common given names of Europe and the Maghreb, folded."""
    listed = files("parloir.identifiers").joinpath("data/given_names.txt").read_text("utf-8").split()
    return frozenset((*listed, *_roots(), *_roots().values()))


@cache
def _skeletons() -> frozenset[str]:
    return frozenset(key(name) for name in _listed() if len(name) > 4)


def is_listed(token: str) -> bool:
    """Whether a folded token is a common given name as it is spelt."""
    return token in _listed()


def is_given(token: str) -> bool:
    """Whether a folded token is a common given name; one from a script without vowels by its skeleton."""
    bare = not set(token[1:]) & set("eiou") and len(token) > 2
    return is_listed(token) or (bare and key(token) in _skeletons())


@cache
def _sexes() -> dict[str, str]:
    table = files("parloir.identifiers").joinpath("data/sexes.csv").read_text("utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    return {row["men"]: "m" for row in rows} | {row["women"]: "f" for row in rows}


def form(token: str) -> str:
    """`m` or `f` for a given name of which the other sex has a form too (Jean and Jeanne); else empty."""
    return _sexes().get(token, "")


def root(token: str) -> str:
    """The name that a nickname or a translation stands for; itself where the table has none."""
    return _roots().get(token, token)


_SOUNDS = tuple(
    (letter, re.compile(pattern), sound)
    for letter, pattern, sound in (
        ("ou", r"^ou(?=[aeiy])", "w"),  # Oualid, Walid
        ("abd", r"abd[aeou]*l(?=[tdrzsn]|l[aeo])", "abd"),  # Abdelrahmane, Abderrahmane: assimilated article
        ("", r"([a-z])\1", r"\1"),
        ("h", r"^c?h(?=r)|ch(?=r)", "k"),  # Christophe
        ("", r"t?sch|tch|tsh|ch|sh|cz", "S"),
        ("ph", r"ph", "f"),
        ("gn", r"gn", "n"),
        ("", r"kh|gh|ck|cq|qu", "k"),
        ("", r"dj|dz|g(?=[eiy])", "j"),
        ("dh", r"dh", "d"),
        ("th", r"th", "t"),
        ("c", r"c(?=[eiy])", "s"),
        ("x", r"x", "ks"),
        ("", r"[cqg]", "k"),
        ("p", r"p", "b"),
        ("v", r"v", "f"),
        ("z", r"z", "s"),
        ("h", r"(?<=.)h", ""),
    )
)
"""Letters without which a sound is not looked for, its spelling, what it becomes."""


_GLUED = re.compile(r"^[ae](?:l(?=[bcdfghjkmnpqrstvwxyz][a-z])|([drstznl])(?=\1))")
"""The Arabic article written as one word with the name: Elhaddad, Errachidi."""
LONG = 6
"""Letters of a word that may begin with it; shorter ones are mostly no such names."""


_VOWELS = tuple("aeiou")
_SILENT = str.maketrans("", "", "aeiouyw")


@lru_cache(maxsize=1 << 17)
def key(token: str) -> str:
    """The consonant skeleton of a folded token; a first vowel is kept as `a`.

    Joins what transliterations confuse: k q hard c hard g kh gh; j dj soft g; s z soft c; ch sh;
    p b; f v ph; any h or none.
    """
    sounds = token if len(token) < LONG or token in _listed() else _GLUED.sub("", token)
    for letters, pattern, sound in _SOUNDS:
        if letters in sounds:
            sounds = pattern.sub(sound, sounds)
    first = "a" if sounds[:1] in _VOWELS else sounds[:1]
    return first + sounds[1:].translate(_SILENT)


def name_key(words: tuple[str, ...]) -> str:
    """The skeletons of all tokens, in alphabetical order: the same for swapped parts."""
    return " ".join(sorted(key(word) for word in words))


def token_similarity(one: str, other: str) -> float:
    """1 the same, .97 by nickname, .94 one skeleton; below by letters (Jaro–Winkler above one half)."""
    if one == other:
        return 1.0
    if root(one) == root(other):
        return 0.97
    keys = key(one), key(other)
    if keys[0] == keys[1] and len(keys[0]) > 1:
        return 0.94
    if min(len(one), len(other)) == 1:
        return 0.8 if one[0] == other[0] else 0.0
    letters = max(JaroWinkler.similarity(one, other), 0.5)
    skeletons = max(JaroWinkler.similarity(*keys), 0.5) if min(map(len, keys)) > 3 else 0.5
    return float(max(0.93 * (letters - 0.5), 0.8 * (skeletons - 0.5)) / 0.5)


_MISSING_PART = 0.95
"""What a name keeps of its likeness for each part that only one side has."""


def similarity(one: PersonName, other: PersonName) -> float:
    """0 to 1: the parts of the shorter name, each with its best free counterpart, in whatever order."""
    short, long = sorted((one.tokens, other.tokens), key=len)
    if not short:
        return 0.0
    likeness = _best_counterparts(short, long)
    # One bad part decides: two people of one family share all the other parts.
    mean = 0.5 * sum(likeness) / len(likeness) + 0.5 * min(likeness)
    return float(mean * _MISSING_PART ** (len(long) - len(short)))


def _best_counterparts(short: tuple[str, ...], long: tuple[str, ...]) -> list[float]:
    """Likeness of each token of `short` to its own token of `long`, the most alike joined first."""
    alike = sorted(
        ((token_similarity(a, b), i, j) for i, a in enumerate(short) for j, b in enumerate(long)),
        key=lambda entry: (-entry[0], *sorted((short[entry[1]], long[entry[2]]))),
    )
    taken: dict[int, float] = {}
    used: set[int] = set()
    for likeness, i, j in alike:
        if i not in taken and j not in used:
            taken[i] = likeness
            used.add(j)
    return list(taken.values())
