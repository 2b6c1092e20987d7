"""A ranked conclusion to act on: this handset, with this inmate, in this prison cell."""

from parloir.tables.schema import INTEGER, REAL, TEXT, Column

LEADS = (
    Column("rank", INTEGER, "1 is the first"),
    Column("lead", TEXT, "stable name of the lead within its run"),
    Column("handset", TEXT, "IMEI14 that names the handset"),
    Column("inmate", TEXT, "candidate holder"),
    Column("prison", TEXT, "prison"),
    Column("prison_cell", TEXT, "the inmate's prison cell at the end of the period"),
    Column("probability", REAL, "investigative: posterior that this inmate is the regular user, 1e-6 steps"),
    Column("prior", REAL, "the prior that it started from"),
    Column("millibits", INTEGER, "evaluative: weight against an unknown user of that prison, unbounded"),
    Column("bounded_millibits", INTEGER, "the same within its bounds: what a report states"),
    Column("verbal", TEXT, "the bounded weight in the words of the ENFSI scale"),
    Column("sentence", TEXT, "the reasons in words, strongest first"),
    Column("against", TEXT, "what speaks against it"),
    Column("missing", TEXT, "what would settle it"),
)
