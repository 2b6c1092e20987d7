"""A privileged number or person."""

from parloir.tables.schema import DAY, INTEGER, TEXT, Column, Table

PROTECTED = Table(
    "protected",
    "A privileged number or person: not weighed without special authority.",
    (
        Column("category", TEXT, "lawyer, magistrate, clergy, doctor, press, ombudsman"),
        Column("family_name", TEXT, "family name as written"),
        Column("given_name", TEXT, "given names as written"),
        Column("number", INTEGER, "E.164 digits"),
        Column("email", TEXT, "normalised"),
        Column("birth_date", DAY, "date of birth: tells namesakes apart"),
    ),
)
