"""A row outside the authority's scope."""

from parloir.tables.schema import TEXT, Column, Table

QUARANTINE = Table(
    "quarantine",
    "A row outside the authority's scope: only its locator is kept.",
    (
        Column("table", TEXT, "table it would have gone to"),
        Column("reason", TEXT, "period, radio_cell, or source_row: derived from a row that is outside"),
    ),
)
