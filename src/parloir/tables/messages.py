"""One message between a customer and a shop."""

from parloir.tables.schema import SMALL, TEXT, TIME, YES_NO, Column, Table

MESSAGES = Table(
    "messages",
    "One message between a customer and a shop.",
    (
        Column("order_id", TEXT, "order, if any"),
        Column("customer", TEXT, "`record` of the customer, if any"),
        Column("author", TEXT, "customer, shop or the name written"),
        Column("email", TEXT, "normalised"),
        Column("sent_us", TIME, "when"),
        Column("sent_offset_min", SMALL, "offset from UTC in minutes"),
        Column("text", TEXT, "as written"),
        Column("ip", TEXT, "address the client claimed"),
        Column("private", YES_NO, "hidden from the customer"),
    ),
    time="sent_us",
)
