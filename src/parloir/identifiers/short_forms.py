"""Given names as clerks shorten them: cut off (Barth., Abdelk.), drawn together (Mie, Jn, Fçois, Med), J-Ph.

A shortened name keeps the first letter and either what follows it, or its last letter and some between in
their order. No list of short forms is needed; but a short word that is a common given name (Anne, Ali) is
none of another (Antoinette, Abdelkarim).
"""

from __future__ import annotations

import re

from parloir.identifiers.person_name import is_listed

LONGEST = 6
"""Letters of a shortened word."""
_VOWELS = re.compile("[aeiouy]")


def pattern(name: str) -> str:
    """A regular expression (RE2) for the whole of the names that a folded one may be short for; empty where
    it is no short form. The other may have further names behind.

    Gaps without vowels take names from the Arabic script, which has none: `med` fits `mohamed` and `mhmd`.
    """
    words = name.split()
    if len(name) < 2 or not words or not any(map(_is_short, words)):
        return ""
    if not all(_is_short(word) or len(word) == 1 for word in words):
        return ""
    return " ".join(map(_one, words)) + "( .*)?"


def _is_short(word: str) -> bool:
    return 1 < len(word) <= LONGEST and word.isalpha() and not is_listed(word)


def _one(word: str) -> str:
    forms = [f"{word}[a-z]+", "[a-z]*".join(word)]
    consonants = word[0] + _VOWELS.sub("", word[1:])
    if len(consonants) > 1:
        forms.append("[^aeiou ]*".join(consonants))
    return f"({'|'.join(forms)})"
