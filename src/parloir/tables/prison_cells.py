"""One prison cell."""

from parloir.tables.schema import INTEGER, TEXT, Column, Table

PRISON_CELLS = Table(
    "prison_cells",
    "One prison cell.",
    (
        Column("prison", TEXT, "prison"),
        Column("prison_cell", TEXT, "identifier within the prison"),
        Column("building", TEXT, "as written"),
        Column("floor", TEXT, "as written"),
        Column("places", INTEGER, "beds"),
    ),
)
