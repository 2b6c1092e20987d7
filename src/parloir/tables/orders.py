"""One order of a shop."""

from parloir.tables.schema import INTEGER, SMALL, TEXT, TIME, Column, Table

ORDERS = Table(
    "orders",
    "One order of a shop.",
    (
        Column("order_id", TEXT, "the shop's own key"),
        Column("shop", TEXT, "which shop, where the evidence tells"),
        Column("reference", TEXT, "what the customer saw"),
        Column("ordered_us", TIME, "when it was placed"),
        Column("ordered_offset_min", SMALL, "the source's offset from UTC in minutes, null when unknown"),
        Column("customer", TEXT, "`record` of the customer in persons"),
        Column("delivery", TEXT, "`record` of the delivery address"),
        Column("invoice", TEXT, "`record` of the invoice address"),
        Column("status", TEXT, "as the shop names it"),
        Column("payment_method", TEXT, "as the shop names it"),
        Column("total_cents", INTEGER, "total in hundredths of the currency"),
        Column("currency", TEXT, "ISO 4217"),
        Column("transaction_id", TEXT, "the payment provider's key"),
        Column("ip", TEXT, "address the client claimed"),
        Column("user_agent", TEXT, "browser line the client claimed"),
        Column("note", TEXT, "what the customer wrote"),
    ),
    time="ordered_us",
)
