"""One radio cell of an operator."""

from parloir.tables.schema import INTEGER, REAL, TEXT, TIME, Column, Table

RADIO_CELLS = Table(
    "radio_cells",
    "One radio cell of an operator.",
    (
        Column("radio_cell", INTEGER, "identifier as in network_records"),
        Column("radio_cell_raw", TEXT, "as written"),
        Column("operator", TEXT, "operator"),
        Column("technology", TEXT, "2G, 3G, 4G, 5G"),
        Column("latitude", REAL, "degrees, WGS 84"),
        Column("longitude", REAL, "degrees, WGS 84"),
        Column("azimuth", REAL, "degrees from north, null for all round"),
        Column("beam_width", REAL, "degrees"),
        Column("range_m", REAL, "nominal range in metres"),
        Column("address", TEXT, "as written"),
        Column("from_us", TIME, "in service from"),
        Column("to_us", TIME, "in service to"),
    ),
)
