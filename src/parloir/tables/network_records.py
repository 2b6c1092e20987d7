"""One leg of one communication in an operator's records."""

from parloir.tables.schema import INTEGER, SMALL, TEXT, TIME, Column, Table

NETWORK_RECORDS = Table(
    "network_records",
    "One leg of one communication in an operator's records.",
    (
        Column("imei14", INTEGER, "IMEI without its check digit"),
        Column("imsi", INTEGER, "SIM"),
        Column("number", INTEGER, "own number, E.164 digits"),
        Column("correspondent", INTEGER, "the other party's number, E.164 digits"),
        Column("correspondent_raw", TEXT, "the other party as written, only where it is no number"),
        Column("kind", TEXT, "call_out, call_in, text_out, text_in, data, signalling"),
        Column("started_us", TIME, "from"),
        Column("ended_us", TIME, "to, null when not told"),
        Column("offset_min", SMALL, "the source's offset from UTC in minutes"),
        Column("duration_s", INTEGER, "seconds"),
        Column("radio_cell", INTEGER, "radio cell at the start"),
        Column("radio_cell_end", INTEGER, "radio cell at the end"),
        Column("bytes_up", INTEGER, "octets sent"),
        Column("bytes_down", INTEGER, "octets received"),
        Column("technology", TEXT, "2G, 3G, 4G, 5G"),
        Column("operator", TEXT, "whose records"),
        Column("request", TEXT, "identifier of the request that the file answers"),
    ),
    time="started_us",
    radio_cell="radio_cell",
)
