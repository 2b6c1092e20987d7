"""Where a file is a register, each person stands once in it: candidates for one record compete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from parloir.identities.learning import Integers

pc: Any = pyarrow.compute
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
TWINS = 0.02
"""Share of linked records with two like counterparts above which a file is no register. Assumed."""
LINKED = 0.5
FAINT = 1e-4
"""A pair less likely than this takes nothing from others."""
OVERLAPS, MOST_COVERED = 30, 0.95
"""Steps in which the overlap of two files is learnt, and the largest that is believed."""
ROUNDS = 60
"""Of belief propagation; each halves what is left of the change."""
FURTHER = ("birth", "phone", "email", "street", "postcode")
"""What else tells that two records are of one person; the first three identify."""
PEOPLE = ("side", "given_key", "family_key", *FURTHER)
"""Columns of the records that tell who in one register is one person."""


def compete(ends: tuple[Integers, Integers], stated: Floats, who: Codes, once: tuple[bool, bool]) -> Floats:
    """Each pair's probability when at most one candidate for a record can be right.

    The odds of a pair stand against one, which is for a person in neither, and against the odds of its
    rivals; and a rival counts the less, the better it is matched elsewhere. That is the marginal of a pair
    among all sets of pairs that use no record twice, each as likely as the product of its odds: belief
    propagation for matchings (Bayati et al., STOC 2007), exact where the pairs form no ring. Candidates that
    are one person by their own register are no rivals.

    Args:
        ends: record numbers, left and right.
        stated: probability of each pair by itself.
        who: for each record a number that records of one person share.
        once: whether a person stands once in the left file, and in the right.
    """
    odds = stated / np.maximum(1.0 - stated, 1e-7)
    strong = stated >= FAINT
    left, right = ends[0][strong], ends[1][strong]
    at_left = _Candidates.of(left, who[right]) if once[1] else None
    at_right = _Candidates.of(right, who[left]) if once[0] else None
    from_left = from_right = np.ones(len(left))
    for _ in range(ROUNDS):
        if at_left:
            from_left = (from_left + _free(at_left, odds[strong] * from_right)) / 2
        if at_right:
            from_right = (from_right + _free(at_right, odds[strong] * from_left)) / 2
    free = np.ones(len(odds))
    free[strong] = from_left * from_right
    faint = ~strong
    if at_left:
        free[faint] /= 1.0 + at_left.totals(odds[strong] * from_right, ends[0][faint])
    if at_right:
        free[faint] /= 1.0 + at_right.totals(odds[strong] * from_left, ends[1][faint])
    alone: Floats = np.round(odds * free / (1.0 + odds * free), 6)
    return alone


def settle(
    ends: tuple[Integers, Integers],
    stated: tuple[Floats, Floats],
    who: Codes,
    once: tuple[bool, bool],
    sizes: tuple[int, int],
) -> Floats:
    """The same, with how likely a record is to be in no other file learnt from the pairs themselves.

    The prior of a pair says how many pairs match. Against it stands that neither record has a counterpart at
    all, and that is the rarer, the more of the files overlap: odds = ratio · prior / ((1 − ρ left)(1 − ρ
    right)), ρ the share of records that have a counterpart. Relatives stand in for each other, one in this
    file and one in that, however many stand in both: of that alternative the overlap says nothing.

    Args:
        ends, who, once: as of `compete`.
        stated: probability of each pair by itself, and P(relatives | two people).
        sizes: records left and right.
    """
    alone_stated, relatives = stated
    odds = alone_stated / np.maximum(1.0 - alone_stated, 1e-7)
    found, alone = compete(ends, alone_stated, who, once), 1.0
    for _ in range(OVERLAPS if any(once) else 0):
        covered = [_covered(end, found, size) for end, size in zip(ends, sizes, strict=True)]
        before = alone
        alone = (1 - covered[0] if once[1] else 1.0) * (1 - covered[1] if once[0] else 1.0)
        against = relatives + (1.0 - relatives) * alone
        found = compete(ends, odds / (odds + against), who, once)
        if abs(alone - before) < 1e-4:
            break
    return found


def _covered(ends: Integers, stated: Floats, size: int) -> float:
    """Share of records with a counterpart."""
    first = int(ends.min(initial=0)) if len(ends) else 0
    counted = np.minimum(np.bincount(ends - first, weights=stated), 1.0).sum() if len(ends) else 0.0
    return min(float(counted) / max(size, 1), MOST_COVERED)


def _free(candidates: _Candidates, odds: Floats) -> Floats:
    """How likely each pair's end is not to be taken by a rival."""
    free: Floats = 1.0 / (1.0 + candidates.rivals(odds))
    return free


@dataclass(frozen=True)
class _Candidates:
    """Pairs gathered by one end, and there by the person at the other.

    Attributes:
        order: pairs, those of one group together. starts: of the groups there.
        group: of each pair. ends: of each group.
    """

    order: Codes
    starts: Codes
    group: Codes
    ends: Codes

    @classmethod
    def of(cls, ends: Integers, persons: Codes) -> _Candidates:
        order = np.lexsort((persons, ends)).astype(np.int64)
        one, other = ends[order], persons[order]
        new = np.ones(len(order), bool)
        new[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
        starts = np.flatnonzero(new)
        group = np.empty(len(order), np.int64)
        group[order] = np.cumsum(new) - 1
        return cls(order, starts, group, one[starts].astype(np.int64))

    def rivals(self, odds: Floats) -> Floats:
        """For each pair, the odds of the other persons that share its end; of one's records, the best."""
        if not len(odds):
            return odds
        best = np.maximum.reduceat(odds[self.order], self.starts)
        total = np.bincount(self.ends, weights=best)
        return np.asarray(np.maximum(total[self.ends] - best, 0.0)[self.group], np.float64)

    def totals(self, odds: Floats, ends: Integers) -> Floats:
        """The odds of all persons at some ends."""
        if not len(odds):
            return np.zeros(len(ends))
        best = np.maximum.reduceat(odds[self.order], self.starts)
        total = np.bincount(self.ends, weights=best, minlength=int(ends.max(initial=0)) + 1)
        return np.asarray(total[ends], np.float64)


def persons(records: pa.Table, ids: Any) -> Codes:
    """A number for each record, shared by records that one register itself gives to one person.

    These have one identifier; or one date of birth and the same initials; or, without a date of birth, one
    telephone number, one e-mail address, or one name in one street: orders of a guest are no rivals.
    """
    rows = records.num_rows
    side = pc.cast(records["side"], pa.string())
    initials = [pc.utf8_slice_codeunits(records[name], 0, 1) for name in ("given_key", "family_key")]
    born = pc.equal(pc.utf8_length(records["birth"]), 10)
    undated = pc.if_else(pc.fill_null(born, False), None, side)
    named = [records["given_key"], records["family_key"]]
    signs = [
        _codes(pc.binary_join_element_wise(side, *values, "|"))
        for side, *values in (
            (pc.if_else(born, side, None), records["birth"], *initials),
            (undated, records["phone"]),
            (undated, records["email"]),
            (undated, *named, records["street"]),
            (side, ids),
        )
    ]
    return _joined(signs, rows)


def _joined(signs: list[Codes], rows: int) -> Codes:
    """A number for each of some rows, shared by those that share a sign."""
    ends, firsts = [], []
    for codes in signs:
        told = np.flatnonzero(codes >= 0)
        first = np.full(int(codes.max(initial=-1)) + 1, rows, np.int64)
        np.minimum.at(first, codes[told], told)
        ends.append(told)
        firsts.append(first[codes[told]])
    one, other = np.concatenate(ends), np.concatenate(firsts)
    graph: Any = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(rows, rows))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)


def _codes(texts: Any) -> Codes:
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    codes = pc.fill_null(pc.dictionary_encode(texts).indices, -1)
    return np.asarray(codes.to_numpy(zero_copy_only=False), np.int64)


def registers(records: pa.Table, ends: tuple[Integers, Integers], stated: Floats) -> tuple[bool, bool]:
    """Whether hardly any record has two counterparts that are alike themselves, left and right: then nobody
    stands twice there."""
    linked = stated >= LINKED
    if not linked.any():
        return True, True
    left, right = ends[0][linked], ends[1][linked]
    return _doubled(records, right, left) <= TWINS, _doubled(records, left, right) <= TWINS


def _doubled(records: pa.Table, ends: Integers, partners: Integers) -> float:
    """Share of linked records two of whose partners are alike."""
    order = np.lexsort((partners, ends))
    partners = partners[order]
    ends = np.unique(ends[order], return_inverse=True)[1].astype(np.int32)
    same_end = np.flatnonzero(ends[1:] == ends[:-1])
    if not len(same_end):
        return 0.0
    alike, undated = _alike(records, partners[same_end], partners[same_end + 1])
    if (share := _share(ends, same_end, alike.astype(float))) <= TWINS or not undated.any():
        return share
    side = records.filter(pc.equal(records["side"], records["side"][int(partners[0])]))
    return _share(ends, same_end, np.where(undated, _one_birth(side), 1.0) * alike)


def _share(ends: Integers, of: npt.NDArray[np.intp], how_far: Floats) -> float:
    """Mean over all ends of the most that any of their pairs is doubled."""
    most = np.zeros(int(ends.max()) + 1)
    np.maximum.at(most, ends[of], how_far)
    return float(most.mean())


def _alike(records: pa.Table, one: Integers, other: Integers) -> tuple[Truths, Truths]:
    """Whether two records bear one name, agree in something else and contradict each other in nothing that
    identifies; and whether a date of birth is missing, which could."""
    first: Any = pa.array(one)
    second: Any = pa.array(other)

    def equal(column: str, unknown: bool) -> Truths:
        same = pc.equal(records[column].take(first), records[column].take(second))
        told: Truths = pc.fill_null(same, unknown).to_numpy(zero_copy_only=False)
        return told

    alike = equal("given_key", False) & equal("family_key", False)
    further = np.zeros(len(one), bool)
    for column in {*FURTHER, "city"} & set(records.column_names):
        further |= equal(column, False)
        if column in FURTHER[:3]:
            alike &= equal(column, True)
    return alike & further, equal("birth", True) & ~equal("birth", False)


def _one_birth(records: pa.Table) -> float:
    """How often two records of one file that share name and address, or name and telephone, share the date of
    birth: where father and son bear one name, a date that is missing does not make them one person."""
    dated = records.filter(pc.is_valid(records["birth"]))
    same = other = 0
    for place in ("street", "phone"):
        keys = ["given_key", "family_key", place]
        told = dated.filter(pc.is_valid(dated[place]))
        told = told.take(pc.sort_indices(told, sort_keys=[(key, "ascending") for key in keys]))
        below, above = told.slice(1), told.slice(0, max(told.num_rows - 1, 0))
        namesakes = np.ones(below.num_rows, bool)
        for key in keys:
            equal = pc.fill_null(pc.equal(below[key], above[key]), False)
            namesakes &= equal.to_numpy(zero_copy_only=False)
        born = pc.equal(below["birth"], above["birth"]).to_numpy(zero_copy_only=False)
        same, other = same + int((namesakes & born).sum()), other + int((namesakes & ~born).sum())
    return (same + 1) / (same + other + 1)
