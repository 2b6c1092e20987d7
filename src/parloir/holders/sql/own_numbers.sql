-- Numbers of the SIMs in handsets while they were inside.
-- Tables besides the canonical ones: handsets (imei14, handset), inside (handset, prison, from_us, to_us).
SELECT DISTINCT n.number
FROM network_records n
JOIN handsets h ON h.imei14 = n.imei14
JOIN inside i ON i.handset = h.handset AND n.started_us >= i.from_us AND n.started_us <= i.to_us
WHERE n.number IS NOT NULL
ORDER BY n.number
