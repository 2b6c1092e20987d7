"""One call on the prison's own telephones."""

from parloir.tables.schema import INTEGER, SMALL, TEXT, TIME, Column, Table

OFFICIAL_CALLS = Table(
    "official_calls",
    "One call on the prison's own telephones.",
    (
        Column("inmate", TEXT, "inmate"),
        Column("prison", TEXT, "prison"),
        Column("number", INTEGER, "E.164 digits"),
        Column("number_raw", TEXT, "as written"),
        Column("started_us", TIME, "from"),
        Column("started_offset_min", SMALL, "offset from UTC in minutes"),
        Column("duration_s", INTEGER, "seconds"),
    ),
    time="started_us",
)
