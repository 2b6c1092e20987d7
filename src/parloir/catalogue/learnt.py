"""What a case learns from handsets held in the hand: type allocation codes and runs of serial numbers.

No published list has the codes of L8star, Zanco or Long-CZ minis; each seizure teaches one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parloir.catalogue.entries import models
from parloir.catalogue.matching import match_model
from parloir.catalogue.model import Model

SERIALS = 1_000_000
"""Serial numbers under one type allocation code: IMEI14 = TAC (8 digits) then serial (6 digits).

Source: 3GPP TS 23.003, clause 6.2.1.
"""

RUN_GAP = 1_000
"""Serial numbers further apart than this are two runs. Assumed: a carton or two between two seizures."""

_COLUMNS: dict[str, pa.DataType] = {
    "tac": pa.string(),
    "model": pa.string(),
    "serial_from": pa.int64(),
    "serial_to": pa.int64(),
    "handsets": pa.int64(),
}
LEARNT = pa.schema([pa.field(name, kind) for name, kind in _COLUMNS.items()])
"""The case's own codes, one row a run of serial numbers of one model: `tac` has eight digits, `model` is
the catalogue's key or else as written, `handsets` counts the IMEIs held in the hand."""


Imeis = Sequence[int] | pa.Int64Array | npt.NDArray[np.int64]


def learn(seized: Iterable[tuple[int, str]], gap: int = RUN_GAP) -> pa.Table:
    """Codes and runs from IMEIs read off handsets.

    Args:
        seized: IMEI14 and the model as written in the report; an empty model teaches nothing.
        gap: serial numbers further apart are two runs.

    Returns:
        Schema `LEARNT`, sorted by code, model and serial.
    """
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    for imei14, text in seized:
        if text.strip():
            tac, serial = divmod(imei14, SERIALS)
            model = match_model(text)
            groups[f"{tac:08d}", model.key if model else text.strip()].add(serial)
    rows = [
        {"tac": tac, "model": model, "serial_from": run[0], "serial_to": run[-1], "handsets": len(run)}
        for (tac, model), serials in sorted(groups.items())
        for run in _runs(sorted(serials), gap)
    ]
    return pa.Table.from_pylist(rows, schema=LEARNT)


def model_learnt(tac: str, learnt: pa.Table) -> Model | None:
    """The model most often held in the hand under that code, or None."""
    seen: dict[str, int] = defaultdict(int)
    for row in learnt.filter(pc.equal(learnt["tac"], pa.scalar(tac))).to_pylist():
        seen[row["model"]] += row["handsets"]
    if not seen:
        return None
    name = min(seen, key=lambda model: (-seen[model], model))
    known = {model.key: model for model in models()}
    return known.get(name) or Model(f"seized-{tac}", "", name, mini=False)


def nearness(imei14s: Imeis, seized: Imeis) -> pa.Int64Array:
    """How near each IMEI stands to the nearest seized one of the same type allocation code.

    Returns:
        int64 of the length of `imei14s`: difference of serial numbers, 0 for a seized IMEI itself,
        null when nothing of that code was seized.
    """
    wanted = np.asarray(imei14s, dtype=np.int64)
    known = np.unique(np.asarray(seized, dtype=np.int64))
    if not known.size:
        return pa.nulls(wanted.size, pa.int64())
    after = np.searchsorted(known, wanted)
    neighbours = np.stack([known[np.maximum(after - 1, 0)], known[np.minimum(after, known.size - 1)]])
    distances = np.where(neighbours // SERIALS == wanted // SERIALS, np.abs(neighbours - wanted), SERIALS)
    nearest = distances.min(axis=0)
    return pa.array(nearest, type=pa.int64(), mask=nearest == SERIALS)


def _runs(serials: list[int], gap: int) -> Iterator[list[int]]:
    run = serials[:1]
    for before, serial in pairwise(serials):
        if serial - before > gap:
            yield run
            run = []
        run.append(serial)
    yield run
