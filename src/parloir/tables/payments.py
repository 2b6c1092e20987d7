"""One payment or attempt."""

from parloir.tables.schema import INTEGER, SMALL, TEXT, TIME, Column, Table

PAYMENTS = Table(
    "payments",
    "One payment or attempt.",
    (
        Column("order_id", TEXT, "order, where the row names it"),
        Column("reference", TEXT, "order reference, where the row names that instead"),
        Column("method", TEXT, "as written"),
        Column("amount_cents", INTEGER, "hundredths of the currency"),
        Column("currency", TEXT, "ISO 4217"),
        Column("transaction_id", TEXT, "the provider's key"),
        Column("payment_intent", TEXT, "Stripe's key of what the attempt belongs to; a shop may keep either"),
        Column("card_last4", TEXT, "last four digits; no other digit of a card is ever kept"),
        Column("card_brand", TEXT, "as written"),
        Column("card_fingerprint", TEXT, "the provider's own pseudonym of the card"),
        Column("payer_name", TEXT, "as written"),
        Column("payer_email", TEXT, "normalised"),
        Column("status", TEXT, "as written"),
        Column("paid_us", TIME, "when"),
        Column("paid_offset_min", SMALL, "offset from UTC in minutes"),
    ),
    time="paid_us",
)
