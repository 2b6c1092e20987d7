"""One inmate in a register."""

from parloir.tables.schema import DAY, TEXT, TEXTS, TIME, Column, Table

INMATES = Table(
    "inmates",
    "One inmate in a register.",
    (
        Column("inmate", TEXT, "identifier that the registers use"),
        Column("family_name", TEXT, "family name as written"),
        Column("given_name", TEXT, "given names as written"),
        Column("aliases", TEXTS, "other names, as written"),
        Column("birth_date", DAY, "date of birth"),
        Column("birth_place", TEXT, "as written"),
        Column("committed_us", TIME, "taken into prison"),
        Column("released_us", TIME, "released, null while inside"),
    ),
)
