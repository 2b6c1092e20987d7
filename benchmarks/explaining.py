"""How long it takes to explain one linked pair from what a run stored, the program's start left out.

`python -m benchmarks explaining` writes a run of 100,000 linked pairs with a million findings, as a weighing
does, and explains a hundred pairs of it. The findings are made up; their number, order and form are not.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pyarrow as pa

from parloir.actions.explain_link import waterfall_of
from parloir.actions.runs import RunFiles
from parloir.actions.weigh import GROUP
from parloir.identities.judgements import pair_id
from parloir.identities.weighing import LINKS
from parloir.tables.files import write_table
from parloir.tables.findings import FINDINGS
from parloir.tables.schema import arrow_schema

PAIRS, FIELDS, EXPLAINED = 100_000, 10, 100


def stored(folder: Path) -> list[str]:
    """Write links.parquet and findings.parquet; answer the names of the pairs."""
    numbers = np.arange(PAIRS)
    left = [f"person:{'a' * 12}:customer:{n:08d}" for n in numbers]
    right = [f"visitor:{(n * 7919) % PAIRS:08d}" for n in numbers]
    names = [pair_id(*ends) for ends in zip(left, right, strict=True)]
    links = {"left": left, "right": right, "millibits": numbers % 30_000, "probability": numbers / PAIRS}
    write_table(folder / "links.parquet", pa.table({**links, "pair": names}, schema=LINKS), GROUP)
    repeated = np.repeat(numbers, FIELDS)
    ends: dict[str, Any] = {
        "proposition": ["same_person"] * len(repeated),
        "subject": pa.array(left).take(pa.array(repeated)),
        "object": pa.array(right).take(pa.array(repeated)),
    }
    nothing = [None] * len(repeated)
    said = {
        "evidence_kind": [f"field {k}" for k in range(FIELDS)] * PAIRS,
        "level": ["same"] * len(repeated),
        "millibits": repeated % 9_000,
        "sentence": [f"the sentence of field {k}" for k in range(FIELDS)] * PAIRS,
        "locators": [[f"{'a' * 64}!!persons#{n}", f"{'b' * 64}!!visitors#{n}"] for n in repeated],
    }
    columns = {**ends, "from_us": nothing, "to_us": nothing, **said}
    write_table(folder / "findings.parquet", pa.table(columns, schema=arrow_schema(FINDINGS)), GROUP)
    return names


def main() -> None:
    """Print the middle and the slowest of a hundred."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = stored(folder)
        files = RunFiles(cast("Any", SimpleNamespace(number=1)), folder)
        seconds = []
        for pair in names[:: PAIRS // EXPLAINED]:
            began = time.process_time()
            found = waterfall_of(files, pair)
            seconds.append(time.process_time() - began)
            if len(found.findings) != FIELDS:
                raise SystemExit(f"{pair} has {len(found.findings)} findings, not {FIELDS}")
    middle, slowest = np.median(seconds) * 1000, max(seconds) * 1000
    print(
        f"{PAIRS:,} pairs, {PAIRS * FIELDS:,} findings: {middle:.0f} ms of CPU a pair, {slowest:.0f} at most"
    )


if __name__ == "__main__":
    main()
