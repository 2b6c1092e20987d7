"""One prison."""

from parloir.tables.schema import INTEGER, REAL, TEXT, Column, Table

PRISONS = Table(
    "prisons",
    "One prison.",
    (
        Column("prison", TEXT, "identifier that the registers use"),
        Column("name", TEXT, "as written"),
        Column("region", TEXT, "as written"),
        Column("town", TEXT, "as written"),
        Column("latitude", REAL, "degrees, WGS 84"),
        Column("longitude", REAL, "degrees, WGS 84"),
        Column("capacity", INTEGER, "operational places"),
        Column("inmates", INTEGER, "inmates present"),
    ),
)
