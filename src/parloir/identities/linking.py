"""Which records of two files, or of one, are one person: pairs with their weight, never merged."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from parloir.errors import InputError
from parloir.identities import frequencies
from parloir.identities.assigning import best_pairs
from parloir.identities.blocking import Blocks, Budget, block
from parloir.identities.comparing import said
from parloir.identities.judgements import pair_id
from parloir.identities.keys import NEIGHBOURS
from parloir.identities.learning import Compared, compared, learn
from parloir.identities.levels import Comparison
from parloir.identities.link_input import LinkInput, values
from parloir.identities.matching_columns import left_over, matched
from parloir.identities.matching_columns import told as told_roles
from parloir.identities.model import Model
from parloir.identities.preparing import Prepared, database, prepare
from parloir.identities.records import Shape, shape
from parloir.identities.registers import PEOPLE, persons, registers, settle
from parloir.identities.remembering import Memory
from parloir.identities.roles import Profile
from parloir.identities.scoring import BARS, ends, levels_in_words, probability, score


@dataclass(frozen=True)
class Parameters:
    """What a run may be told.

    Attributes:
        expected: share of the smaller file's records that the other is expected to hold, before learning.
        threshold: least probability of a pair that is given out.
        budget: pairs that may be looked at, or 0 to let the size of the files decide.
        once: whether a person stands once in the left file, and in the right; None to find out.
        model: parameters of an earlier run, to link new records without learning anew.
        seed: of the samples.
        memory: what the database may use before it spills to disk.
        threads: of the database; 0 for all.
        kept: pairs compared in earlier runs, which are not compared again; nothing else changes by it.
    """

    expected: float = 0.5
    threshold: float = 0.01
    budget: int = 0
    once: tuple[bool, bool] | None = None
    model: Model | None = None
    seed: int = 1
    memory: str = "1GB"
    threads: int = 0
    kept: Memory | None = None


@dataclass(frozen=True)
class Links:
    """Pairs, and how they were found.

    Attributes:
        pairs: pair (a stable name), left_id, right_id, weight_bits, probability, `best` (whether the pair is
            in the best assignment of one to one; null unless both files are registers), a column of bits per
            comparison, `alternative` and `pseudonym`, the level of each comparison as `level_…`, left_row and
            right_row counted from 1; by falling weight, then by rows. The bits of a row sum to its weight.
        model: the parameters.
        comparisons: what was compared.
        diagnostics: counts, rules, seconds, remarks.
    """

    pairs: pa.Table
    model: Model
    comparisons: tuple[Comparison, ...]
    diagnostics: Mapping[str, Any] = field(default_factory=dict)


def link(left: LinkInput, right: LinkInput | None = None, parameters: Parameters | None = None) -> Links:
    """Link two files, or find the duplicates within one.

    Raises:
        InputError: a file has no rows, or the two have no column in common that tells people apart.
    """
    parameters, began = parameters or Parameters(), time.monotonic()
    inputs = [one for one in (left, right) if one]
    profiles = matched(inputs, [one.profile() for one in inputs])
    common = shape(profiles[0], profiles[1] if right else None)
    _check(inputs, profiles, common)
    with database(parameters.memory, parameters.threads) as connection:
        ready = prepare(connection, inputs, profiles, common)
        ready = replace(ready, comparisons=said(connection, ready.comparisons))
        asked = parameters.budget
        budget = Budget(asked, asked) if asked else Budget.of(sum(ready.sizes))
        blocks = block(connection, common, ready.sizes, budget)
        shares = frequencies.shares(ready.comparisons, ready.columns)
        known = parameters.model
        seed = None if known else parameters.seed
        pairs, others = compared(ready, blocks.ends, shares, seed, parameters.kept)
        model = known or learn(ready, pairs, others, parameters.expected, parameters.seed)
        people = ready.columns([*PEOPLE, *({"city"} & {c.name for c in ready.comparisons})])
    ids = [one.ids(profile) for one, profile in zip(inputs, profiles, strict=True)]
    table, once, crowd = _table(ready, pairs, model, (people, pa.concat_arrays(ids)), parameters)
    told = {
        "records": list(ready.sizes),
        "compared": blocks.pairs,
        "candidates": blocks.candidates,
        "possible": ready.all_pairs,
        "once": list(once),
        "rules": dict(blocks.rules),
        "roles": [told_roles(profile, common) for profile in profiles],
        "remarks": _remarks(inputs, profiles, blocks) + _crowded(crowd),
        "seconds": round(time.monotonic() - began, 3),
    }
    return Links(table, model, ready.comparisons, told)


def comparable(inputs: Sequence[LinkInput]) -> bool:
    """Whether one file, or two, have rows and a column that tells people apart."""
    if any(not one.table.num_rows for one in inputs) or (len(inputs) == 1 and inputs[0].table.num_rows < 2):
        return False
    profiles = matched(inputs, [one.profile() for one in inputs])
    return _telling(shape(profiles[0], profiles[-1]))


def _telling(common: Shape) -> bool:
    return bool({*common.known, *common.texts} - {"sex", "name_order", "generation"})


def _check(inputs: Sequence[LinkInput], profiles: Sequence[Profile], common: Shape) -> None:
    for one in inputs:
        if not one.table.num_rows:
            raise InputError("it has no rows", where=one.name, do="give a file with at least one row")
        if all(column.null_count == len(column) for column in one.table.columns):
            raise InputError("all its rows are empty", where=one.name, do="give a file with values")
    if not _telling(common):
        seen = " and ".join(", ".join(profile.roles) or "nothing" for profile in profiles)
        raise InputError(
            f"no common column tells people apart (recognised: {seen})",
            where=" and ".join(one.name for one in inputs),
            do="name the columns in a TOML file and give it with --columns",
        )


def _table(
    ready: Prepared, pairs: Compared, model: Model, who: tuple[pa.Table, Any], parameters: Parameters
) -> tuple[pa.Table, tuple[bool, bool], int]:
    """The pairs as a table, whether a person was taken to stand once in each file, and how many pairs stand
    in groups too large to be assigned exactly."""
    people, ids = who
    scored = score(model, ready.comparisons, pairs, parameters.threshold)
    left, right = ends(pairs, scored)
    stated = probability(model, scored.total)
    two = ready.sizes[1] > 0
    once = parameters.once or (registers(people, (left, right), stated) if two else (False, False))
    stated = settle((left, right), (stated, scored.relatives), persons(people, ids), once, ready.sizes)
    order = np.lexsort((right, left, -scored.total))
    order = order[stated[order] >= parameters.threshold]
    left, right, parts = left[order], right[order], scored.parts[order]
    names = [ids.take(pa.array(end)) for end in (left, right)]
    columns: dict[str, Any] = {
        "pair": pa.array(map(pair_id, names[0].to_pylist(), names[1].to_pylist()), pa.string()),
        "left_id": names[0],
        "right_id": names[1],
        "weight_bits": parts.sum(axis=1) / 1000.0,
        "probability": stated[order],
        "best": pa.nulls(len(order), pa.bool_()),
    }
    crowd = 0
    if all(once):
        columns["best"], crowd = best_pairs((left, right), stated[order])
    bars = [c.name for c in ready.comparisons] + list(BARS)
    columns |= {bar: parts[:, k] / 1000.0 for k, bar in enumerate(bars)}
    levels = pairs.levels[scored.rows[order]]
    columns |= {f"level_{c.name}": levels_in_words(c, levels[:, k]) for k, c in enumerate(ready.comparisons)}
    columns |= {"left_row": left + 1, "right_row": right + 1 - (ready.sizes[0] if ready.sizes[1] else 0)}
    return pa.table(columns), once, crowd


def _one_row(one: LinkInput, profile: Profile) -> bool:
    """All rows have the same values in all columns that mean something."""
    meant = [name for role, names in profile.roles.items() if role not in ("id", "truth") for name in names]
    return all(values(one.table[name]).distinct <= 1 for name in (*meant, *profile.texts.values()))


def _crowded(pairs: int) -> list[str]:
    """What is said of pairs that were not assigned exactly."""
    said = (
        "pairs stand in groups too large for the best assignment: there `best` is from the likeliest pair on"
    )
    return [f"{pairs:,} {said}"] if pairs else []


def _remarks(inputs: list[LinkInput], profiles: list[Profile], blocks: Blocks) -> list[str]:
    said = [f"{one.name}: {sentence}" for one in inputs for sentence in one.aside]
    said += left_over(inputs, profiles)
    said += [
        f"{one.name}: no column identifies the rows: ids are the numbers of the rows, from 1"
        for one, profile in zip(inputs, profiles, strict=True)
        if "id" not in profile.roles
    ]
    said += [
        f"{one.name}: all {one.table.num_rows:,} rows say the same: nothing tells one person from many"
        for one, profile in zip(inputs, profiles, strict=True)
        if one.table.num_rows > 1 and _one_row(one, profile)
    ]
    if crowded := max(blocks.overfull.values(), default=0):
        said.append(
            f"{crowded:,} records share a value with thousands of others: there each was compared with its "
            f"{NEIGHBOURS} next ones in the order of all fields alone, not with all"
        )
    return said
