"""A row that may not be weighed."""

from parloir.tables.schema import TEXT, Column, Table

QUARANTINE = Table(
    "quarantine",
    "A row outside the authority's scope, or of a privileged contact: only its locator is kept.",
    (
        Column("table", TEXT, "table it would have gone to"),
        Column(
            "reason",
            TEXT,
            "period, radio_cell, protected, protected_name: nothing but the name speaks for it, or"
            " source_row: derived from a row held back",
        ),
    ),
)
