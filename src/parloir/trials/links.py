"""How well records of one person are linked: pairs lost in blocking count as misses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from parloir.trials.calibration import Bools, Cost, Floats, Numbers, Stated, cost, stated
from parloir.trials.truth import Truth
from parloir.weights.metrics import TINY, Interval, bootstrap


@dataclass(frozen=True, slots=True)
class LinkScores:
    """Scores of links between customers of the shop and visitors.

    Attributes:
        pairs: true pairs of a customer and a visitor's permit.
        said: links at or above the threshold. right: those that are true.
        precision, recall, f1: of the links, among customers who are in the registers at all; pairs that were
            never compared count as misses; F1 is None without any pair. `interval` is that of F1 from drawing
            customers.
        best_f1: at the best threshold.
        strangers: links of customers who are in no register, told apart from the precision.
        stated: calibration of all links that were written, strangers among them.
        cost: of their probabilities as odds over the odds among all links written; pairs that were not
            written have no weight and are left out.
    """

    pairs: int
    said: int
    right: int
    precision: float
    recall: float
    f1: float | None
    interval: Interval
    best_f1: float
    strangers: int
    stated: Stated | None
    cost: Cost | None


def score_links(links: pa.Table, truth: Truth, threshold: float = 0.5) -> LinkScores:
    """Score links (columns `left`, `right`, `probability`) between persons of a shop and visitors.

    Keys end in `customer:KEY`, and `visitor:KEY` names a permit, as the findings write them.
    """
    person, permits = _known(truth)
    rows = _of_visitors(links, person)
    number = {customer: place for place, customer in enumerate(sorted(person))}
    customer: Numbers = np.array([number[c] for c, _ in rows], dtype=np.int64)
    wanted = _wanted(person, permits)
    probability = np.array([row["probability"] for row in rows.values()], dtype=float)
    true: Bools = np.array([permits.get(p, -2) == person[c] for c, p in rows], dtype=np.bool_)
    registered: Bools = wanted[customer] > 0
    said: Bools = probability >= threshold
    right = np.bincount(customer, said & true, wanted.size)
    claimed = np.bincount(customer, said & registered, wanted.size)
    f1 = bootstrap(
        lambda drawn: _f1(right[drawn].sum(), claimed[drawn].sum(), wanted[drawn].sum()),
        np.arange(wanted.size),
    )
    return LinkScores(
        pairs=int(wanted.sum()),
        said=int(claimed.sum()),
        right=int(right.sum()),
        precision=float(right.sum() / max(claimed.sum(), 1)),
        recall=float(right.sum() / max(wanted.sum(), 1)),
        f1=f1.value if wanted.any() else None,
        interval=f1,
        best_f1=_best_f1(probability[registered], true[registered], int(wanted.sum())),
        strangers=int((said & ~registered).sum()),
        stated=stated(probability, true),
        cost=cost(_odds(probability) - _odds(true.mean()), true, customer)
        if 0 < true.sum() < true.size
        else None,
    )


def _odds(probability: Any) -> Floats:
    """In bits."""
    p = np.clip(probability, TINY, 1 - TINY)
    return np.asarray(np.log2(p / (1 - p)))


def _f1(right: float, claimed: float, wanted: float) -> float:
    return float(2 * right / max(claimed + wanted, 1))


def _best_f1(probability: Floats, true: Bools, wanted: int) -> float:
    """Over all thresholds; links of one probability stand or fall together."""
    order = np.argsort(-probability, kind="stable")
    ends = np.append(np.diff(probability[order]) != 0, True)[: order.size]
    right, claimed = np.cumsum(true[order])[ends], np.arange(1, order.size + 1)[ends]
    return float(np.max(2 * right / np.maximum(claimed + wanted, 1), initial=0.0))


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


def _wanted(person: Mapping[str, int], permits: Mapping[str, int]) -> Numbers:
    """How many permits each customer has, in the order of their keys; none for who is in no register."""
    held = Counter(permits.values())
    return np.array([held[person[customer]] for customer in sorted(person)], dtype=np.int64)


def _of_visitors(links: pa.Table, person: Mapping[str, int]) -> dict[tuple[str, str], dict[str, Any]]:
    """Customer and permit of each link between the two registers, whichever stands first; its best row."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in links.to_pylist():
        pair = _pair(row["left"], row["right"])
        if pair and pair[0] in person and found.get(pair, row)["probability"] <= row["probability"]:
            found[pair] = row
    return dict(sorted(found.items()))


def _pair(left: str, right: str) -> tuple[str, str] | None:
    for one, other in ((left, right), (right, left)):
        role, _, key = other.partition(":")
        parts = one.split(":")
        if role == "visitor" and len(parts) >= 2 and parts[-2] == "customer":
            return parts[-1], key
    return None
