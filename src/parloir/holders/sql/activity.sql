-- What each handset did while it was inside, as short as the kinds of evidence need it.
-- Tables besides the canonical ones: handsets (imei14, handset), inside (handset, prison, from_us, to_us).
SELECT
    h.handset,
    i.prison,
    n.started_us,
    n.started_us + 1000000 * coalesce(n.duration_s, 0) AS ended_us,
    n.kind IN ('call_out', 'call_in') AS voice
FROM network_records n
JOIN handsets h ON h.imei14 = n.imei14
JOIN inside i ON i.handset = h.handset AND n.started_us >= i.from_us AND n.started_us <= i.to_us
ORDER BY h.handset, n.started_us, i.prison
