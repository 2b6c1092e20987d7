"""Which records of two files, or of one, are one person: pairs with their weight, never merged."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Iterator

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.errors import InputError
from parloir.identities import frequencies, model as models
from parloir.identities.blocking import Blocks, block
from parloir.identities.comparing import compare
from parloir.identities.comparisons import KNOWN, Comparison, text
from parloir.identities.link_input import LinkInput
from parloir.identities.model import Evidence, Model
from parloir.identities.records import Shape, records, shape, text_columns
from parloir.identities.roles import Profile
from parloir.weights.bits import to_millibits

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Parameters:
    """What a run may be told.

    Attributes:
        expected: share of the smaller file's records that the other is expected to hold, before learning.
        threshold: least probability of a pair that is given out.
        budget: pairs that may be compared, or 0 to let the size of the files decide.
        sample: pairs taken at random to learn what chance does.
        learn_from: pairs that learning looks at, at most.
        seed: of the samples.
        memory: what the database may use before it spills to disk.
        threads: of the database; 0 for all.
    """

    expected: float = 0.5
    threshold: float = 0.01
    budget: int = 0
    sample: int = 100_000
    learn_from: int = 400_000
    seed: int = 1
    memory: str = "1200MB"
    threads: int = 0


@dataclass(frozen=True)
class Links:
    """Pairs, and how they were found.

    Attributes:
        pairs: left_id, right_id, weight_bits, probability, a column of bits per comparison and `alternative`, the
            level of each comparison as `level_…`; by falling weight, then by ids.
        model: the parameters learnt.
        comparisons: what was compared.
        diagnostics: counts, rules, seconds, remarks.
    """

    pairs: pa.Table
    model: Model
    comparisons: tuple[Comparison, ...]
    diagnostics: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """Two files in one form, inside the database."""

    connection: duckdb.DuckDBPyConnection
    records: pa.Table
    comparisons: tuple[Comparison, ...]
    sizes: tuple[int, int]
    names: bool

    @property
    def all_pairs(self) -> int:
        """Pairs that could be compared."""
        left, right = self.sizes
        return left * right if right else left * (left - 1) // 2


def link(left: LinkInput, right: LinkInput | None = None, parameters: Parameters | None = None) -> Links:
    """Link two files, or find the duplicates within one.

    Raises:
        InputError: a file has no rows, or the two have no column in common that tells people apart.
    """
    parameters = parameters or Parameters()
    began = time.monotonic()
    profiles = [one.profile() for one in (left, right) if one]
    common = shape(profiles[0], profiles[1] if right else None)
    _check(common, left, right)
    with _database(parameters) as connection:
        ready = prepare(connection, [one for one in (left, right) if one], profiles, common)
        blocks = block(connection, common, ready.sizes, parameters.budget or _budget(ready))
        found = _pairs(connection)
        seen = _evidence(ready, found, "pairs", np.ones(blocks.pairs), maybe=True)
        learnt = _learn(ready, seen, blocks, parameters)
        ids = pa.concat_arrays(
            [one.ids(profile) for one, profile in zip((i for i in (left, right) if i), profiles, strict=True)]
        )
        table = _table(ready, seen, found, learnt, ids, parameters)
    remarks = _remarks(profiles, blocks)
    return Links(
        table,
        learnt,
        ready.comparisons,
        {
            "compared": blocks.pairs,
            "possible": ready.all_pairs,
            "rules": dict(blocks.rules),
            "seconds": round(time.monotonic() - began, 3),
            "remarks": remarks,
            "roles": [dict(p.roles) for p in profiles],
        },
    )


def _check(common: Shape, left: LinkInput, right: LinkInput | None) -> None:
    if not left.table.num_rows or (right and not right.table.num_rows):
        raise InputError("a file has no rows", where=left.name, do="give files with at least one row each")
    if not {*common.known, *common.texts} - {"sex", "name_order"}:
        other = f" and {right.name}" if right else ""
        raise InputError(
            "no common column tells people apart",
            where=f"{left.name}{other}",
            do="name the columns with --columns MAP.toml",
        )


@contextmanager
def _database(parameters: Parameters) -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory(prefix="parloir-link-") as folder:
        connection = duckdb.connect(
            config={
                "memory_limit": parameters.memory,
                "temp_directory": folder,
                "preserve_insertion_order": True,
            }
        )
        if parameters.threads:
            connection.execute(f"SET threads = {parameters.threads}")
        try:
            yield connection
        finally:
            connection.close()


def prepare(
    connection: duckdb.DuckDBPyConnection, inputs: list[LinkInput], profiles: list[Profile], common: Shape
) -> Prepared:
    """Put the records of the files into the table `records`: left first, numbered from 0."""
    tables = [
        records(one.table, profile, text_columns(common, profile), one.country)
        for one, profile in zip(inputs, profiles, strict=True)
    ]
    both = pa.concat_tables(tables)
    sizes = (inputs[0].table.num_rows, inputs[1].table.num_rows if len(inputs) > 1 else 0)
    connection.register(
        "given_records",
        both.append_column("record", pa.array(np.arange(sum(sizes)))).append_column(
            "side", pa.array(np.repeat([0, 1], sizes).astype(np.int8))
        ),
    )
    connection.execute("CREATE TABLE records AS SELECT *, '' AS match_key FROM given_records ORDER BY record")
    words = " || ' ' || ".join(f"coalesce({name}::VARCHAR, '')" for name in sorted(both.column_names))
    connection.execute(
        f"CREATE TABLE sorting AS SELECT record, row_number() OVER (ORDER BY {words}, record) AS place FROM records"
    )
    comparisons = [KNOWN[name] for name in common.known] + [
        text(name, role, title) for name, (role, title) in common.texts.items()
    ]
    return Prepared(connection, both, tuple(comparisons), sizes, "name_order" in common.known)


def _budget(ready: Prepared) -> int:
    """Pairs to compare: more for each record of a small set than of a large one."""
    count = sum(ready.sizes)
    return max(1_200_000, min(40 * count, 4_000_000 + 12 * count))


def _pairs(connection: duckdb.DuckDBPyConnection) -> tuple[Integers, Integers]:
    found: Any = connection.execute("SELECT l, r FROM pairs ORDER BY l, r").fetchnumpy()
    return np.asarray(found["l"], np.int64), np.asarray(found["r"], np.int64)


def _evidence(
    ready: Prepared, pairs: tuple[Integers, Integers], table: str, mass: Floats, maybe: bool
) -> Evidence:
    levels = compare(ready.connection, table, ready.comparisons, ready.names)
    shares = frequencies.shares(ready.records, ready.comparisons)
    return Evidence(
        levels,
        frequencies.rarity(levels, pairs, ready.comparisons, shares),
        mass,
        np.full(len(levels), maybe),
    )


def _learn(ready: Prepared, seen: Evidence, blocks: Blocks, parameters: Parameters) -> Model:
    """Learn from the compared pairs and, where not all were compared, from a sample of the others."""
    random = np.random.default_rng(parameters.seed)
    parts = [_sampled(seen, parameters.learn_from, random)]
    if blocks.pairs < ready.all_pairs:
        parts.append(_others(ready, blocks, parameters.sample, random))
    together = Evidence(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("levels", "rarity", "mass", "maybe")
        )
    )
    together = models.condensed(together)
    strangers = {c.name: _frequencies(together, k, c) for k, c in enumerate(ready.comparisons)}
    prior = (
        parameters.expected
        * min(size for size in (*ready.sizes, sum(ready.sizes)) if size)
        / max(ready.all_pairs, 1)
    )
    return models.learn(
        models.start(ready.comparisons, strangers, min(prior, 0.3)), ready.comparisons, together
    )


def _sampled(seen: Evidence, most: int, random: np.random.Generator) -> Evidence:
    count = len(seen.levels)
    if count <= most:
        return seen
    rows = np.sort(random.choice(count, most, replace=False))
    return Evidence(seen.levels[rows], seen.rarity[rows], seen.mass[rows] * (count / most), seen.maybe[rows])


def _others(ready: Prepared, blocks: Blocks, size: int, random: np.random.Generator) -> Evidence:
    """Pairs at random that blocking did not find: they stand for all the others."""
    left, right = ready.sizes
    one, other = (
        random.integers(0, left, size),
        random.integers(0, right or left, size) + (left if right else 0),
    )
    pairs = np.unique(
        np.stack([np.minimum(one, other), np.maximum(one, other)], axis=1)[one != other], axis=0
    )
    ready.connection.register("drawn", pa.table({"l": pairs[:, 0], "r": pairs[:, 1]}))
    ready.connection.execute(
        "CREATE TABLE sample AS SELECT l, r FROM drawn ANTI JOIN pairs USING (l, r) ORDER BY l, r"
    )
    found: Any = ready.connection.execute("SELECT l, r FROM sample ORDER BY l, r").fetchnumpy()
    mass = np.full(len(found["l"]), (ready.all_pairs - blocks.pairs) / max(len(found["l"]), 1))
    return _evidence(ready, (np.asarray(found["l"]), np.asarray(found["r"])), "sample", mass, maybe=False)


def _frequencies(seen: Evidence, k: int, comparison: Comparison) -> Floats:
    expected = np.asarray([level.chance for level in comparison.levels]) * comparison.firmness
    level = seen.levels[:, k]
    said = level >= 0
    counts = (
        np.bincount(level[said].astype(np.intp), weights=seen.mass[said], minlength=len(expected)) + expected
    )
    frequency: Floats = counts / counts.sum()
    return frequency


def _table(
    ready: Prepared,
    seen: Evidence,
    pairs: tuple[Integers, Integers],
    learnt: Model,
    ids: Any,
    parameters: Parameters,
) -> pa.Table:
    bits = models.bits(learnt, ready.comparisons, seen)
    millibits = to_millibits(bits.fields)
    bars = {"alternative": to_millibits(bits.alternative), "pseudonym": to_millibits(bits.pseudonym)}
    total = millibits.sum(axis=1) + bars["alternative"] + bars["pseudonym"]
    prior = models.prior(learnt)
    probability = 1.0 / (1.0 + np.exp2(-(total / 1000.0 + np.log2(prior / (1 - prior)))))
    kept = np.flatnonzero(probability >= parameters.threshold)
    kept = kept[np.lexsort((pairs[1][kept], pairs[0][kept], -total[kept]))]
    columns: dict[str, Any] = {
        "left_id": ids.take(pa.array(pairs[0][kept])),
        "right_id": ids.take(pa.array(pairs[1][kept])),
        "weight_bits": total[kept] / 1000.0,
        "probability": np.round(probability[kept], 6),
    }
    columns |= {c.name: millibits[kept, k] / 1000.0 for k, c in enumerate(ready.comparisons)}
    columns |= {name: bar[kept] / 1000.0 for name, bar in bars.items()}
    columns |= {
        f"level_{c.name}": _level_names(c, seen.levels[kept, k]) for k, c in enumerate(ready.comparisons)
    }
    columns |= {
        "left_row": pairs[0][kept] + 1,
        "right_row": pairs[1][kept] + 1 - (ready.sizes[0] if ready.sizes[1] else 0),
    }
    return pa.table(columns)


def _level_names(comparison: Comparison, levels: npt.NDArray[np.int8]) -> Any:
    names = pa.array([*(level.name for level in comparison.levels), None], pa.string())
    return names.take(pa.array(np.where(levels < 0, len(comparison.levels), levels).astype(np.int64)))


def _remarks(profiles: list[Profile], blocks: Blocks) -> list[str]:
    said = [
        f"column “{name}” {why}: not compared" for profile in profiles for name, why in profile.unused.items()
    ]
    crowded = max(blocks.overfull.values(), default=0)
    if crowded:
        said.append(
            f"{crowded} records share values with so many others that within them only neighbours were compared"
        )
    return said
