"""One item of a seizure report; a search that found nothing is a row too."""

from parloir.tables.schema import INTEGER, INTEGERS, TEXT, TEXTS, TIME, Column, Table

SEIZURES = Table(
    "seizures",
    "One item of a seizure report; a search that found nothing is a row too.",
    (
        Column("seizure", TEXT, "identifier of the item"),
        Column("search", TEXT, "identifier of the search"),
        Column("prison", TEXT, "prison"),
        Column("prison_cell", TEXT, "prison cell, null when found elsewhere"),
        Column("found_us", TIME, "when"),
        Column("item", TEXT, "handset, sim, cash, accessory, drugs, other or nothing"),
        Column("imeis", INTEGERS, "IMEI14 of the handset"),
        Column("imeis_raw", TEXTS, "as written"),
        Column("model", TEXT, "as written"),
        Column("imsi", INTEGER, "SIM"),
        Column("iccid", TEXT, "printed on the SIM"),
        Column("cash_cents", INTEGER, "hundredths of the currency"),
        Column("inmate", TEXT, "named as holder, if anybody"),
        Column("place", TEXT, "where in the prison cell, as written"),
        Column("seal_number", TEXT, "as written"),
        Column("note", TEXT, "as written"),
    ),
    time="found_us",
)
