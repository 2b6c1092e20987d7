-- Which radio cells served each handset while it was inside: hours with a record, by network.
-- Tables besides the canonical ones: handsets (imei14, handset), inside (handset, prison, from_us, to_us).
SELECT
    h.handset,
    i.prison,
    coalesce(n.operator, '') || '/' || coalesce(n.technology, '') AS network,
    n.radio_cell,
    count(DISTINCT n.started_us // 3600000000) AS hours
FROM network_records n
JOIN handsets h ON h.imei14 = n.imei14
JOIN inside i ON i.handset = h.handset AND n.started_us >= i.from_us AND n.started_us <= i.to_us
WHERE n.radio_cell IS NOT NULL
GROUP BY ALL
ORDER BY ALL
