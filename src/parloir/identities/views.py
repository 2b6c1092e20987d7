"""A person view: the records that pairs join to one record, without chaining.

If a is linked to b and b to c, nothing says that a is c. The view of a shows b alone; the pair a–b is
flagged as a weak bridge where b's other links do not reach a.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Pair = tuple[str, str, float]
"""Left, right, probability."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A record linked to another.

    Attributes:
        key: the record.
        probability: of the pair.
        bridge: the records that this pair alone would join: linked to the neighbour, but not to the record
        viewed.
    """

    key: str
    probability: float
    bridge: tuple[str, ...]


def neighbours(pairs: Iterable[Pair], threshold: float = 0.5) -> Mapping[str, dict[str, float]]:
    """Each record's links of at least a probability, in both directions."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for left, right, probability in pairs:
        if probability >= threshold:
            found[left][right] = max(probability, found[left].get(right, 0.0))
            found[right][left] = found[left][right]
    return found


def person_view(key: str, linked: Mapping[str, Mapping[str, float]]) -> tuple[Neighbour, ...]:
    """The records linked to one record, the likeliest first, each with what it would chain."""
    own = linked.get(key, {})
    view = [
        Neighbour(other, probability, tuple(sorted(set(linked.get(other, {})) - set(own) - {key})))
        for other, probability in own.items()
    ]
    return tuple(sorted(view, key=lambda one: (-one.probability, one.key)))


def weak_bridges(linked: Mapping[str, Mapping[str, float]]) -> tuple[tuple[str, str], ...]:
    """Pairs whose ends share no other record although both have others: chaining would hang on them alone."""
    found = []
    for key, own in linked.items():
        for other in own:
            theirs = linked.get(other, {})
            if key < other and len(own) > 1 and len(theirs) > 1 and not (set(own) & set(theirs)):
                found.append((key, other))
    return tuple(sorted(found))
