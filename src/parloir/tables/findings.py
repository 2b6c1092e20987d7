"""One kind of evidence weighed for one proposition."""

from parloir.tables.schema import INTEGER, TEXT, TEXTS, TIME, Column

FINDINGS = (
    Column("proposition", TEXT, "same_person, same_handset, inside, held_by or bought_for"),
    Column("subject", TEXT, "`kind:key`: person:…, handset:…, order:…"),
    Column("object", TEXT, "`kind:key`: person:…, handset:…, prison:…, inmate:…"),
    Column("from_us", TIME, "the proposition's period from, null where it has none"),
    Column("to_us", TIME, "the period to"),
    Column("evidence_kind", TEXT, "which kind of evidence; one bar of the waterfall"),
    Column("level", TEXT, "the stored level that the weight is computed from"),
    Column("millibits", INTEGER, "weight in thousandths of a bit, log base 2, unbounded"),
    Column("sentence", TEXT, "for a magistrate"),
    Column("locators", TEXTS, "rows it rests on, `evidence!member!table#row`, sorted"),
)
