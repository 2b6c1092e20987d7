"""From what a shop or an officer wrote to a model of the catalogue."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from anyascii import anyascii

from parloir.catalogue.entries import DATA, models
from parloir.catalogue.model import Model


def match_model(text: str) -> Model | None:
    """The model that a product name or a report means, or None.

    "Mini téléphone L8STAR BM-10 noir" is the L8star BM10; "Coque pour L8star BM10" is a cover, so None.
    A brand alone gives the entry that stands for the brand.
    """
    words = _words(text)
    for spelling, model in _spellings():
        hit = spelling.search(words)
        if hit:
            return None if _is_accessory(words[: hit.start()]) else model
    return None


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", anyascii(text[:1000]).lower()))


def _is_accessory(before: str) -> bool:
    """The first word that tells the kind of thing decides: "Chargeur pour téléphone …" is a charger."""
    told = _words_that_tell()
    kinds = [told[word] for word in before.split() if word in told]
    return bool(kinds) and kinds[0] == "accessory"


@cache
def _words_that_tell() -> dict[str, str]:
    read = tomllib.loads((DATA / "words.toml").read_text("utf-8"))
    return {word: kind for kind, words in read.items() for word in words}


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], Model], ...]:
    pairs = [(spelling, model) for model in models() for spelling in model.spellings]
    pairs.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    return tuple((_pattern(spelling), model) for spelling, model in pairs)


def _pattern(spelling: str) -> re.Pattern[str]:
    """The words in order, a break allowed where letters meet digits: "BM 10", "BM-10", "BM10"."""
    loose = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])| ", " ?", spelling)
    return re.compile(rf"\b{loose}\b")
