"""One line of an order."""

from parloir.tables.schema import INTEGER, TEXT, Column, Table

ORDER_LINES = Table(
    "order_lines",
    "One line of an order.",
    (
        Column("order_id", TEXT, "order"),
        Column("line_id", TEXT, "the shop's own key"),
        Column("product", TEXT, "name of the product as sold"),
        Column("product_reference", TEXT, "stock-keeping reference"),
        Column("model", TEXT, "catalogue model that the name matches, if any"),
        Column("quantity", INTEGER, "units"),
        Column("unit_price_cents", INTEGER, "hundredths of the order's currency"),
        Column("imei14", INTEGER, "IMEI when the line names one"),
    ),
)
