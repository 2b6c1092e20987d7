"""Which pairs are compared at all: rules made from the columns that are there, within a budget of pairs.

A small set is compared whole. A larger one is cut by keys; rules are taken from the one with the fewest pairs
upwards until the budget is spent, so that the most telling come first. A key that too many records share says
little: within it each record meets only its neighbours in the order of all its fields. Of all candidates that
keys bring together, the likeliest are compared (`sifting.py`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import duckdb
import numpy as np
import numpy.typing as npt

from parloir.identities.keys import Groups, Keys, placed
from parloir.identities.records import Shape
from parloir.identities.sifting import Candidates, sift

WHOLE = 500_000
"""Sets of at most so many pairs are compared whole."""
LARGE, LARGE_RULES = 60_000, 18
"""Records above which only the first, most telling rules are tried: each costs a pass over all."""

LEAST, EACH = 600_000, 200
"""Candidates that are compared whatever speaks for them, but no more for each record of the smaller file."""
HOPE = 10.0
"""Bits that likenesses may still add to what equal values say of a candidate, so that one person is at all
likely; with fewer it is not compared."""
BITS = 6
"""Bits of a number that hold how telling a rule is, up to 63 bits."""

Integers = npt.NDArray[np.int32]
Rule = tuple[str, ...]
"""Names of parts."""
Sizes = tuple[int, int]
"""Records left and right; right is 0 for one file against itself."""
Ends = tuple[Integers, Integers]
"""Record numbers of pairs, left and right; by left, then right, each pair once."""
_KEYS = tomllib.loads(files("parloir.identities").joinpath("data/blocking.toml").read_text("utf-8"))
_PARTS: dict[str, tuple[str, str]] = {
    name: (part["needs"], part["sql"]) for name, part in _KEYS["parts"].items()
}
_RULES: tuple[tuple[str, ...], ...] = tuple(tuple(rule) for rule in _KEYS["rules"])


@dataclass(frozen=True)
class Budget:
    """How many pairs may be looked at.

    Attributes:
        candidates: that keys may bring together.
        compared: field by field.
    """

    candidates: int
    compared: int

    @classmethod
    def of(cls, records: int) -> Budget:
        """More for each record of a small set than of a large one."""
        candidates = max(1_200_000, min(40 * records, 2_000_000 + 6 * records))
        return cls(candidates, max(LEAST, min(10 * records, 400_000 + 5 * records // 2)))


@dataclass(frozen=True)
class Blocks:
    """What blocking did.

    Attributes:
        ends: the pairs to compare.
        candidates: pairs that keys brought together.
        rules: rules used, with the pairs each would give alone.
        unused: rules beyond the budget.
        overfull: records that stood in keys too large, by rule.
    """

    ends: Ends
    candidates: int
    rules: tuple[tuple[str, int], ...] = ()
    unused: tuple[str, ...] = ()
    overfull: dict[str, int] = field(default_factory=dict)

    @property
    def pairs(self) -> int:
        """Pairs to compare."""
        return len(self.ends[0])


def block(connection: duckdb.DuckDBPyConnection, shape: Shape, sizes: Sizes, budget: Budget) -> Blocks:
    """Find the pairs to compare.

    Args:
        connection: holds `records` with `record` (0, 1, …) and `side` (0 left, 1 right).
        shape: the comparisons that there are.
        sizes: records left and right; right is 0 for one file against itself.
        budget: pairs that may be looked at.
    """
    left, right = sizes
    whole = left * right if right else left * (left - 1) // 2
    if whole <= min(WHOLE, budget.candidates):
        return Blocks(_all(left, right), whole)
    texts = {name: (name, name) for name in shape.texts if name.startswith("text_")}
    rules = [*_RULES, *((name, "name") for name in texts), *((name,) for name in texts)]
    parts = _PARTS | texts
    usable = _usable(rules, shape, parts)
    if left + right > LARGE:
        usable = usable[:LARGE_RULES]
    keys = Keys(connection, {name: sql for name, (_, sql) in parts.items()})
    return _by_rules(connection, keys, usable, sizes, budget)


def _all(left: int, right: int) -> Ends:
    one, other = np.indices((left, right)) if right else np.triu_indices(left, 1)
    return one.ravel().astype(np.int32), (other.ravel() + (left if right else 0)).astype(np.int32)


def _usable(
    rules: Sequence[tuple[str, ...]], shape: Shape, parts: dict[str, tuple[str, str]]
) -> list[tuple[str, ...]]:
    """Rules whose columns are there."""
    present = {*shape.known, *shape.texts}
    return [rule for rule in rules if all(parts[part][0] in present for part in rule)]


def _by_rules(
    connection: duckdb.DuckDBPyConnection, keys: Keys, rules: Sequence[Rule], sizes: Sizes, budget: Budget
) -> Blocks:
    left = sizes[0] if sizes[1] else None
    counts, overfull, groups = {}, {}, {}
    for rule in rules:
        name, here = " + ".join(rule), Groups.of(*keys.of(rule), left)
        counts[name] = here.count
        if crowd := min(int(here.crowded.sum()), sum(sizes)):
            overfull[name] = crowd
        if here.count <= budget.candidates:
            groups[name] = here
    used: list[tuple[str, int]] = []
    unused = []
    for name, pairs in sorted(counts.items(), key=lambda one: (one[1], one[0])):
        if sum(count for _, count in used) + pairs > budget.candidates:
            unused.append(name)
        else:
            used.append((name, pairs))
    given = _found(connection, [groups[name] for name, _ in used], sizes)
    # A record of the smaller file has as many possible counterparts as the larger has records.
    hopeful = float(np.log2(max(sizes))) - HOPE
    least = min(LEAST, EACH * min(sizes[0], sizes[1] or sizes[0]))
    ends = sift(connection, given, budget.compared, least, hopeful)
    return Blocks(ends, len(given.left), tuple(used), tuple(unused), overfull)


def _found(connection: duckdb.DuckDBPyConnection, used: Sequence[Groups], sizes: Sizes) -> Candidates:
    """The pairs that the groups bring together, each once, with the bits of the most telling."""
    crowds = [groups.records[groups.crowded] for groups in used]
    crowd = np.unique(np.concatenate([np.zeros(0, np.int32), *crowds]))
    place = placed(connection, crowd) if len(crowd) else crowd
    everything, records = sizes[0] * (sizes[1] or sizes[0]), sum(sizes)
    packed = [np.zeros(0, np.int64)]
    for groups in used:
        bits = round(np.log2(everything / max(groups.count, 1)))
        for one, other in (groups.small(), groups.neighbours(place)):
            pairs = np.minimum(one, other).astype(np.int64) * records + np.maximum(one, other)
            packed.append((pairs << BITS) | ((1 << BITS) - 1 - bits))
    found = np.sort(np.concatenate(packed))
    first = np.ones(len(found), bool)
    first[1:] = found[1:] >> BITS != found[:-1] >> BITS
    found = found[first]
    left, right = np.divmod(found >> BITS, max(records, 1))
    bits_left = (1 << BITS) - 1 - (found & ((1 << BITS) - 1))
    return Candidates(left.astype(np.int32), right.astype(np.int32), bits_left.astype(np.int8))
