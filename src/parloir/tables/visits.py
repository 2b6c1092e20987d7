"""One visit."""

from parloir.tables.schema import TEXT, TIME, Column, Table

VISITS = Table(
    "visits",
    "One visit.",
    (
        Column("visit", TEXT, "identifier that the registers use"),
        Column("visitor", TEXT, "visitor"),
        Column("inmate", TEXT, "inmate"),
        Column("prison", TEXT, "prison"),
        Column("started_us", TIME, "from"),
        Column("ended_us", TIME, "to"),
        Column("relation", TEXT, "relation to the inmate, as written"),
    ),
    time="started_us",
)
