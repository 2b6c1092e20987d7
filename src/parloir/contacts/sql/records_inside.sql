-- Every record of a handset while it was inside: joined once, read by all who ask what handsets did there.
-- Tables besides the canonical ones: handsets (imei14, handset), inside (handset, prison, from_us, to_us).
SELECT
    h.handset, i.prison,
    n.started_us, n.duration_s, n.kind, n.number, n.correspondent, n.operator, n.technology, n.radio_cell,
    n.evidence, n.member, n.source_table, n.source_row
FROM network_records n
JOIN handsets h ON h.imei14 = n.imei14
JOIN inside i ON i.handset = h.handset AND n.started_us >= i.from_us AND n.started_us <= i.to_us
