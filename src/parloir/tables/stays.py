"""An inmate's time in a prison cell."""

from parloir.tables.schema import TEXT, TIME, Column, Table

STAYS = Table(
    "stays",
    "An inmate's time in a prison cell.",
    (
        Column("inmate", TEXT, "inmate"),
        Column("prison", TEXT, "prison"),
        Column("prison_cell", TEXT, "prison cell"),
        Column("from_us", TIME, "from"),
        Column("to_us", TIME, "to, null while it lasts"),
    ),
)
