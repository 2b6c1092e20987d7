"""One visitor in a register."""

from parloir.tables.schema import DAY, INTEGERS, TEXT, TEXTS, Column, Table

VISITORS = Table(
    "visitors",
    "One visitor in a register.",
    (
        Column("visitor", TEXT, "identifier that the registers use"),
        Column("family_name", TEXT, "family name as written"),
        Column("given_name", TEXT, "given names as written"),
        Column("birth_date", DAY, "date of birth"),
        Column("numbers", INTEGERS, "telephone numbers as E.164 digits"),
        Column("numbers_raw", TEXTS, "as written"),
        Column("email", TEXT, "normalised"),
        Column("email_raw", TEXT, "as written"),
        Column("address", TEXT, "street lines as written, joined by a comma"),
        Column("postcode", TEXT, "as written"),
        Column("city", TEXT, "as written"),
        Column("country", TEXT, "ISO 3166 alpha-2 where the source tells, else as written"),
        Column("relation", TEXT, "relation to the inmate, as written"),
    ),
)
