-- The records of handsets that are watched, wherever they were made, from when each first came in reach: what a
-- handset did before is nobody's business here, and need not be known when it comes.
SELECT
    r.imei14 AS imei14,
    coalesce(r.imsi, 0) AS imsi,
    coalesce(r.correspondent, 0) AS correspondent,
    r.kind AS kind,
    r.started_us AS started_us,
    r.started_us + CAST(coalesce(r.offset_min, {offset_min}) AS bigint) * 60000000 AS local_us,
    coalesce(r.duration_s, 0) AS duration_s,
    r.radio_cell AS radio_cell,
    CASE WHEN r.technology = '2G' THEN 1 ELSE 0 END AS two_g,
    w.part AS part
FROM network_records AS r
JOIN watched AS w ON w.imei14 = r.imei14
WHERE r.started_us >= w.from_us AND r.radio_cell IS NOT NULL
