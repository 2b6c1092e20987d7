"""Who may be the regular user of each handset: what a plan is made from on the day."""

from parloir.tables.schema import INTEGER, REAL, TEXT, TIME, YES_NO, Column

POSTERIORS = (
    Column("handset", INTEGER, "IMEI14 that names the handset"),
    Column("prison", TEXT, "the prison it was last in"),
    Column("inmate", TEXT, "candidate"),
    Column("probability", REAL, "that this inmate is the regular user, given that the handset is inside"),
    Column("inside", REAL, "probability that the handset is used in detention there"),
    Column("last_us", TIME, "its last activity"),
    Column("seized", YES_NO, "it was seized: no search will find it again"),
    Column("alive", REAL, "that it was still in use at the end of the records, by its own habit"),
    Column("until_us", TIME, "end of the records"),
)
