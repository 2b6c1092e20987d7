"""A number that an inmate may call lawfully."""

from parloir.tables.schema import INTEGER, TEXT, Column, Table

APPROVED_CONTACTS = Table(
    "approved_contacts",
    "A number that an inmate may call lawfully.",
    (
        Column("inmate", TEXT, "inmate"),
        Column("number", INTEGER, "E.164 digits"),
        Column("number_raw", TEXT, "as written"),
        Column("family_name", TEXT, "family name as written"),
        Column("given_name", TEXT, "given names as written"),
        Column("relation", TEXT, "as written"),
    ),
)
