"""An inmate's time away from the prison cell."""

from parloir.tables.schema import TEXT, TIME, Column, Table

ABSENCES = Table(
    "absences",
    "An inmate's time away from the prison cell.",
    (
        Column("inmate", TEXT, "inmate"),
        Column("prison", TEXT, "prison"),
        Column("reason", TEXT, "court, hospital, disciplinary, leave or as written"),
        Column("from_us", TIME, "from"),
        Column("to_us", TIME, "to, null while it lasts"),
    ),
)
