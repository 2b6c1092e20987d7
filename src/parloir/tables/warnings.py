"""A doubt about a source row."""

from parloir.tables.schema import TEXT, Column, Table

WARNINGS = Table(
    "warnings",
    "A doubt about a source row: the row was set aside, or kept with a remark.",
    (
        Column("severity", TEXT, "`warning`: the row was set aside; `remark`: it was kept"),
        Column("reason", TEXT, "one clause"),
        Column("column", TEXT, "which value, if one"),
        Column("raw", TEXT, "the text, at most 1,000 characters"),
    ),
)
