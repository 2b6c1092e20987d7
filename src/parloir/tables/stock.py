"""One handset in a list."""

from parloir.tables.schema import INTEGER, TEXT, TIME, Column, Table

STOCK = Table(
    "stock",
    "One handset in a list: invoice of a supplier, store room, seizure.",
    (
        Column("imei14", INTEGER, "IMEI without its check digit"),
        Column("imei_raw", TEXT, "as written"),
        Column("model", TEXT, "as written"),
        Column("origin", TEXT, "invoice, store_room or seized"),
        Column("box", TEXT, "carton or lot, as written"),
        Column("order_id", TEXT, "order it was sent with, where told"),
        Column("listed_us", TIME, "date of the list"),
    ),
)
