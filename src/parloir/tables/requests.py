"""What an operator was asked for."""

from parloir.tables.schema import INTEGERS, TEXT, TIME, Column, Table

REQUESTS = Table(
    "requests",
    "What an operator was asked for: what was not asked for is no evidence of absence.",
    (
        Column("request", TEXT, "identifier"),
        Column("operator", TEXT, "asked"),
        Column(
            "kind", TEXT, "radio_cells (of the prison alone), wide_area or handsets (full records of these)"
        ),
        Column("radio_cells", INTEGERS, "asked for"),
        Column("imeis", INTEGERS, "asked for, IMEI14"),
        Column("numbers", INTEGERS, "asked for, E.164 digits"),
        Column("from_us", TIME, "from"),
        Column("to_us", TIME, "to"),
    ),
)
