"""Judgements as an Arrow table, the form in which they go down to the weighers."""

from __future__ import annotations

import pyarrow as pa

from parloir.records.clock import microseconds
from parloir.records.models import Case
from parloir.tables.schema import TEXT, TIME, Column, arrow_schema

COLUMNS = (
    Column("proposition", TEXT, "same_person, same_handset, inside, held_by or bought_for"),
    Column("subject", TEXT, "`kind:key`, as findings write it"),
    Column("object", TEXT, "`kind:key`, as findings write it"),
    Column("word", TEXT, "same, different, unsure, accept or reject"),
    Column("author", TEXT, "who judged"),
    Column("at_us", TIME, "when"),
    Column("reason", TEXT, "why, in the author's words"),
)


def judgements_of(case: Case) -> pa.Table:
    """Every judgement of the case, oldest first; the last on a pair holds."""
    rows = [
        {
            "proposition": row.proposition,
            "subject": row.subject,
            "object": row.object,
            "word": row.word,
            "author": row.by.username,
            "at_us": microseconds(row.at),
            "reason": row.reason,
        }
        for row in case.judgements.select_related("by").order_by("pk")
    ]
    return pa.Table.from_pylist(rows, schema=arrow_schema(COLUMNS))
