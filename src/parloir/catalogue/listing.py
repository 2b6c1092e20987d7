"""The catalogue as rows: what `parloir catalogue [MODEL]` prints and `--json` lists."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from parloir.catalogue.model import FACTS, Model

OVERVIEW = pa.schema(
    [
        ("key", pa.string()),
        ("title", pa.string()),
        ("dimensions_mm", pa.list_(pa.float64())),
        ("sim_slots", pa.int64()),
        ("imeis", pa.int64()),
        ("facts", pa.int64()),
    ]
)
DESCRIPTION = pa.schema(
    [("fact", pa.string()), ("value", pa.string()), ("unit", pa.string()), ("source", pa.string())]
)


def overview(models: Iterable[Model]) -> pa.Table:
    """One row a model, schema `OVERVIEW`; null where nothing is published."""
    rows = [
        {
            "key": model.key,
            "title": model.title,
            "dimensions_mm": model.dimensions_mm,
            "sim_slots": model.sim_slots,
            "imeis": model.imeis,
            "facts": len(model.facts),
        }
        for model in models
    ]
    return pa.Table.from_pylist(rows, schema=OVERVIEW)


def description(model: Model) -> pa.Table:
    """One row a published fact, schema `DESCRIPTION`; a fact that nobody published has null values."""
    rows = []
    for name, title in FACTS.items():
        known = model.published(name)
        rows += [{"fact": title, "value": f.value, "unit": f.unit, "source": f.source} for f in known]
        rows += [] if known else [{"fact": title}]
    return pa.Table.from_pylist(rows, schema=DESCRIPTION)
