"""One parcel, or the relay point chosen for it."""

from parloir.tables.schema import TEXT, TIME, Column, Table

SHIPMENTS = Table(
    "shipments",
    "One parcel, or the relay point chosen for it.",
    (
        Column("order_id", TEXT, "order"),
        Column("carrier", TEXT, "as written"),
        Column("tracking_number", TEXT, "as written"),
        Column("shipped_us", TIME, "handed to the carrier"),
        Column("delivered_us", TIME, "handed over"),
        Column("relay", TEXT, "identifier of the relay point or locker"),
        Column("relay_name", TEXT, "as written"),
        Column("relay_address", TEXT, "as written"),
        Column("relay_postcode", TEXT, "as written"),
        Column("relay_city", TEXT, "as written"),
        Column("relay_country", TEXT, "ISO 3166 alpha-2"),
        Column("recipient", TEXT, "who it was handed to, as written"),
    ),
)
