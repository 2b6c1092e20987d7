"""One entry read from a seized handset."""

from parloir.tables.schema import INTEGER, SMALL, TEXT, TIME, YES_NO, Column, Table

HANDSET_CONTENTS = Table(
    "handset_contents",
    "One entry read from a seized handset: contact, message or call.",
    (
        Column("imei14", INTEGER, "handset"),
        Column("kind", TEXT, "contact, call_out, call_in, text_out, text_in"),
        Column("number", INTEGER, "the other party, E.164 digits"),
        Column("number_raw", TEXT, "as written"),
        Column("name", TEXT, "as stored on the handset"),
        Column("at_us", TIME, "when"),
        Column("offset_min", SMALL, "offset from UTC in minutes"),
        Column("duration_s", INTEGER, "seconds"),
        Column("text", TEXT, "message text"),
        Column("deleted", YES_NO, "recovered after deletion"),
    ),
)
