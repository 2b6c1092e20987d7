"""A tip-off, screenshot or post. Shown beside what is weighed, never weighed."""

from parloir.tables.schema import TEXT, TIME, Column, Table

REPORTS = Table(
    "reports",
    "A tip-off, screenshot or post. Shown beside what is weighed, never weighed.",
    (
        Column("report", TEXT, "identifier"),
        Column("kind", TEXT, "tip_off, screenshot, post"),
        Column("at_us", TIME, "when made"),
        Column("prison", TEXT, "place claimed"),
        Column("url", TEXT, "address"),
        Column("file", TEXT, "name of the picture or document, as written"),
        Column("author", TEXT, "account or source, as written"),
        Column("source_grade", TEXT, "A to X"),
        Column("information_grade", TEXT, "1 to 4"),
        Column("fact", TEXT, "what was seen or said"),
        Column("assessment", TEXT, "what somebody makes of it, kept apart"),
    ),
    time="at_us",
)
