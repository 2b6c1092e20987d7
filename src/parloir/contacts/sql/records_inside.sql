-- Every record of a handset while it was inside, as narrow as can be: joined once, read by all who ask what handsets did.
-- Tables besides the canonical ones: handsets (imei14, handset), inside (handset, prison, from_us, to_us);
-- types besides: inside_prison, inside_origin (up to the number of a row), inside_network.
SELECT
    h.handset,
    CAST(i.prison AS inside_prison) AS prison,
    n.started_us, n.duration_s, n.number, n.correspondent, n.radio_cell,
    n.kind IN ('call_out', 'call_in') AS voice,
    CAST(coalesce(n.operator, '') || '/' || coalesce(n.technology, '') AS inside_network) AS network,
    CAST(n.evidence || '!' || n.member || '!' || n.source_table || '#' AS inside_origin) AS origin,
    n.source_row
FROM network_records n
JOIN handsets h ON h.imei14 = n.imei14
JOIN inside i ON i.handset = h.handset AND n.started_us >= i.from_us AND n.started_us <= i.to_us
