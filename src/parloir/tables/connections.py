"""One visit of a browser to a shop."""

from parloir.tables.schema import SMALL, TEXT, TIME, Column, Table

CONNECTIONS = Table(
    "connections",
    "One visit of a browser to a shop.",
    (
        Column("guest", TEXT, "the shop's key of the browser"),
        Column("customer", TEXT, "`record` of the customer, if signed in"),
        Column("connected_us", TIME, "when"),
        Column("connected_offset_min", SMALL, "offset from UTC in minutes"),
        Column("ip", TEXT, "address the client claimed; null where the shop stored none"),
        Column("referrer", TEXT, "where from, as written"),
        Column("user_agent", TEXT, "as written"),
    ),
    time="connected_us",
)
