"""How well names are compared across scripts.

`python -m benchmarks names` sets each of 15,000 names in Latin script beside the same in Arabic script, and
beside another person's: how often the likeness passes .6, and how often the skeletons agree outright. Names:
Wikidata, by way of NETransliteration-COLING2018 (CC0), `tests/data/linking/names_latin_arabic.csv`.
"""

from __future__ import annotations

import csv
from pathlib import Path

from parloir.identifiers import person_name
from parloir.identifiers.person_name import PersonName

NAMES = Path(__file__).parent.parent / "tests/data/linking/names_latin_arabic.csv"
ALIKE = 0.6


def main() -> None:
    """Print the table."""
    rows = list(csv.DictReader(NAMES.open(encoding="utf-8")))
    one = [PersonName((), person_name.tokens(row["latin"])) for row in rows]
    other = [PersonName((), person_name.tokens(row["arabic"])) for row in rows]
    elsewhere = other[1000:] + other[:1000]
    print(f"{len(rows):,} names{'':<14}{'one name':>10}{'two names':>11}")
    for told, passes in (("likeness above .6", _alike), ("skeletons the same", _same_key)):
        found = [sum(map(passes, one, others)) / len(rows) for others in (other, elsewhere)]
        print(f"{told:<26}{found[0]:>10.4f}{found[1]:>11.4f}")


def _alike(one: PersonName, other: PersonName) -> bool:
    return person_name.similarity(one, other) > ALIKE


def _same_key(one: PersonName, other: PersonName) -> bool:
    return person_name.name_key(one.tokens) == person_name.name_key(other.tokens)


if __name__ == "__main__":
    main()
