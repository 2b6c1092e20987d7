"""Tables of this room: what goes into a plan, the plan, and what its searches found."""

from parloir.tables.schema import INTEGER, REAL, TEXT, YES_NO, Column, arrow_schema

EXPECTED = arrow_schema(
    (
        Column("prison", TEXT, "prison"),
        Column("prison_cell", TEXT, "prison cell; each of a prison's, those with nothing expected too"),
        Column("expected_handsets", REAL, "handsets that one search is expected to find, find rate included"),
        Column("probability", REAL, "of at least one find, handsets taken as independent"),
    )
)
TEAMS = arrow_schema(
    (
        Column("prison", TEXT, "prison"),
        Column("teams", INTEGER, "teams that start there together"),
        Column("hours", REAL, "hours that each of them has"),
        Column("minutes", REAL, "minutes that one search takes, null for the operation's own figure"),
    )
)
PLAN = arrow_schema(
    (
        Column("prison", TEXT, "prison"),
        Column("prison_cell", TEXT, "prison cell"),
        Column("rank", INTEGER, "1 is searched first; reserves follow after all others"),
        Column("expected_handsets", REAL, "as in the expectation"),
        Column("probability", REAL, "of at least one find"),
        Column("propensity", REAL, "probability that the plan searches this prison cell, null for a reserve"),
        Column("reason", TEXT, "top, reserve or random"),
    )
)
OUTCOMES = arrow_schema(
    (
        Column("prison", TEXT, "prison"),
        Column("prison_cell", TEXT, "prison cell"),
        Column("probability", REAL, "of at least one find, as planned"),
        Column("propensity", REAL, "as planned"),
        Column("reason", TEXT, "top, reserve or random"),
        Column("searched", YES_NO, "a report of the search exists"),
        Column("found", INTEGER, "handsets found, null where not searched"),
    )
)
