"""One record of a person in a source.

Not a person: that two records are one person is a finding.
"""

from parloir.tables.schema import DAY, INTEGERS, TEXT, TEXTS, TIME, YES_NO, Column, Table

PERSONS = Table(
    "persons",
    "One record of a person in a source: a customer account, an address, a payer. Links join them.",
    (
        Column("record", TEXT, "key within the evidence item, `role:source key`"),
        Column("role", TEXT, "customer, delivery, invoice, address (that no order uses), payer, recipient"),
        Column("family_name", TEXT, "family name as written"),
        Column("given_name", TEXT, "given names as written"),
        Column("company", TEXT, "company line, as written"),
        Column("birth_date", DAY, "date of birth"),
        Column("numbers", INTEGERS, "telephone numbers as E.164 digits"),
        Column("numbers_raw", TEXTS, "the same as written"),
        Column("email", TEXT, "normalised e-mail address"),
        Column("email_raw", TEXT, "as written"),
        Column("address", TEXT, "street lines as written, joined by a comma"),
        Column("postcode", TEXT, "as written"),
        Column("city", TEXT, "as written"),
        Column("country", TEXT, "ISO 3166 alpha-2 where the source tells, else as written"),
        Column("ip", TEXT, "address the client claimed, never an identity by itself"),
        Column("created_us", TIME, "when the record was made"),
        Column("owner", TEXT, "`record` that this one belongs to (an address to its customer), if any"),
        Column("deleted", YES_NO, "marked as deleted in the source"),
        Column("note", TEXT, "free text that stood with the record"),
    ),
)
