"""The linked pairs of a run, for the acts that read them: found by name, with their findings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parloir.actions.runs import RunFiles
from parloir.errors import InputError
from parloir.identities.judgements import Judgement, latest, pair_id
from parloir.identities.words import order
from parloir.records.judgements import judgements_of
from parloir.records.models import Case

NAME = re.compile(r"[0-9a-f]{16}")
COLUMNS = ("pair", "left", "right", "millibits", "probability")
ENDS = re.compile(r"(.+?)=([a-z]+:.+)")
"""`person:…=visitor:…`."""


@dataclass(frozen=True)
class LinkedPair:
    """A linked pair of a run; the same numbers on every screen.

    Attributes:
        pair: its name, the same in every run and whichever end is named first.
        left, right: keys of the records.
        millibits: the weight for one person, with what was judged before the run.
        probability: posterior, or None for a pair that the run does not keep.
        word: the last word on it, or empty.
        weak: whether it alone ties two groups of records together (`identities.views`); told in lists.
    """

    pair: str
    left: str
    right: str
    millibits: int | None
    probability: float | None
    word: str = ""
    weak: bool = False


def names_a_pair(name: str) -> bool:
    """Whether a name is that of a pair, or of its two ends."""
    return bool(NAME.fullmatch(name.lower()) or ENDS.fullmatch(name))


def linked_pairs(files: RunFiles, words: Mapping[tuple[str, str], Judgement]) -> list[LinkedPair]:
    """All linked pairs of a run, the likeliest first."""
    said = {pair_id(*ends): judgement.word for ends, judgement in words.items()}
    rows = _links(files).to_pylist()
    pairs = [LinkedPair(**row, word=said.get(row["pair"], "")) for row in rows]
    return sorted(pairs, key=lambda one: (-(one.probability or 0.0), -(one.millibits or 0), one.pair))


def linked_pair(files: RunFiles, name: str) -> LinkedPair:
    """One pair by its name, or by its two ends as `LEFT=RIGHT`.

    Raises:
        InputError: the run keeps no such pair.
    """
    ends = ENDS.fullmatch(name)
    wanted = pair_id(ends[1], ends[2]) if ends else name.lower()
    rows = _row(files, wanted)
    if not rows:
        raise InputError(
            f"run {files.run.number} keeps no pair “{name}”", do="take a name from `parloir links`"
        )
    return LinkedPair(**rows[0])


def named_pair(files: RunFiles, name: str) -> LinkedPair:
    """The same; two ends may also be of records that the run did not link.

    Raises:
        InputError: the run keeps no pair of this name.
    """
    ends = ENDS.fullmatch(name)
    if ends and not _row(files, pair_id(ends[1], ends[2])):
        return LinkedPair(pair_id(ends[1], ends[2]), ends[1], ends[2], None, None)
    return linked_pair(files, name)


def _row(files: RunFiles, pair: str) -> list[dict[str, Any]]:
    """The row of one pair: its name is looked for alone, then the rest is read of its row group only."""
    with pq.ParquetFile(files.folder / "links.parquet") as stored:
        if "pair" not in stored.schema_arrow.names:
            return _links(files).filter(pc.field("pair") == pc.scalar(pair)).to_pylist()
        for group in range(stored.num_row_groups):
            place = pc.index(stored.read_row_group(group, ["pair"])["pair"], pa.scalar(pair)).as_py()
            if place >= 0:
                return stored.read_row_group(group, list(COLUMNS)).slice(place, 1).to_pylist()
    return []


def _links(files: RunFiles) -> pa.Table:
    table = files.table("links")
    if "pair" not in table.column_names:  # a run of an earlier version
        names = [pair_id(row["left"], row["right"]) for row in table.to_pylist()]
        table = table.append_column("pair", pa.array(names, pa.string()))
    return table.select(list(COLUMNS))


def findings_of_pair(files: RunFiles, pair: LinkedPair) -> list[dict[str, Any]]:
    """Its findings as they were stored, in the order of a waterfall; only their row groups are read."""
    same = pc.field("proposition") == pc.scalar("same_person")
    ends = (pc.field("subject") == pc.scalar(pair.left)) & (pc.field("object") == pc.scalar(pair.right))
    table = pq.read_table(files.folder / "findings.parquet", filters=same & ends)
    return sorted(table.to_pylist(), key=lambda row: order(row["evidence_kind"], row["millibits"]))


def last_words(case: Case) -> Mapping[tuple[str, str], Judgement]:
    """The last word on each pair, those after the run too."""
    return latest(judgements_of(case))


def word_on(words: Mapping[tuple[str, str], Judgement], left: str, right: str) -> Judgement | None:
    """The last word on one pair, in whichever order its ends were named."""
    return words.get((left, right)) or words.get((right, left))
