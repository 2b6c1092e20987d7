"""How well records of one person are linked: pairs lost in blocking count as misses."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from parloir.trials.truth import Truth


@dataclass(frozen=True, slots=True)
class LinkScores:
    """Scores of links between customers of the shop and visitors.

    Attributes:
        pairs: true pairs of a customer and a visitor's permit.
        said: links at or above the threshold. right: those that are true.
        precision, recall, f1: of the links, among customers who are in the registers at all.
        strangers: links of customers who are in no register, told apart from the precision.
    """

    pairs: int
    said: int
    right: int
    precision: float
    recall: float
    f1: float
    strangers: int


def score_links(links: pa.Table, truth: Truth, threshold: float = 0.5) -> LinkScores:
    """Score links (columns `left`, `right`, `probability`) between persons of a shop and visitors.

    Keys end in `customer:KEY`, and `visitor:KEY` names a permit, as the findings write them.
    """
    person, permits = _known(truth)
    said = {
        pair
        for row in links.to_pylist()
        if row["probability"] >= threshold and (pair := _pair(row["left"], row["right"])) is not None
    }
    # A permit is for visiting, so a customer in the registers has one, or more than one.
    visited = set(permits.values())
    inside = {pair for pair in said if person.get(pair[0], -1) in visited}
    right = {pair for pair in inside if permits.get(pair[1], -2) == person[pair[0]]}
    by_person: dict[int, int] = {}
    for p in permits.values():
        by_person[p] = by_person.get(p, 0) + 1
    pairs = sum(by_person.get(p, 0) for p in person.values())
    precision = len(right) / len(inside) if inside else 0.0
    recall = len(right) / pairs if pairs else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return LinkScores(pairs, len(inside), len(right), precision, recall, f1, len(said) - len(inside))


def _known(truth: Truth) -> tuple[dict[str, int], dict[str, int]]:
    """The person of each customer and of each permit."""
    customers: dict[str, int] = {}
    permits: dict[str, int] = {}
    for row in truth.table("persons").to_pylist():
        if row["source"] == "customer":
            customers[row["record"]] = row["person"]
        elif row["source"] == "visitor":
            permits[row["record"]] = row["person"]
    return customers, permits


def _pair(left: str, right: str) -> tuple[str, str] | None:
    """Customer and permit of a link between the two registers, whichever stands first."""
    for one, other in ((left, right), (right, left)):
        role, _, key = other.partition(":")
        parts = one.split(":")
        if role == "visitor" and len(parts) >= 2 and parts[-2] == "customer":
            return parts[-1], key
    return None
