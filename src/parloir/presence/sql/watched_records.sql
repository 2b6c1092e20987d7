-- The records of handsets that are watched, wherever they were made, from when each first came in reach: what a
-- handset did before is nobody's business here, and need not be known when it comes. The same leg may stand in the
-- answers to two requests that overlap; it counts once.
SELECT
    imei14,
    imsi,
    correspondent,
    kind,
    started_us,
    min(local_us) AS local_us,
    max(duration_s) AS duration_s,
    radio_cell,
    max(two_g) AS two_g
FROM (
    SELECT
        r.imei14 AS imei14,
        coalesce(r.imsi, 0) AS imsi,
        coalesce(r.correspondent, 0) AS correspondent,
        r.kind AS kind,
        r.started_us AS started_us,
        r.started_us + CAST(coalesce(r.offset_min, {offset_min}) AS bigint) * 60000000 AS local_us,
        coalesce(r.duration_s, 0) AS duration_s,
        r.radio_cell AS radio_cell,
        CASE WHEN r.technology = '2G' THEN 1 ELSE 0 END AS two_g
    FROM {records} AS r
    JOIN watched AS w ON w.imei14 = r.imei14
    WHERE r.started_us >= w.from_us AND r.radio_cell IS NOT NULL
) AS watched_rows
GROUP BY imei14, imsi, correspondent, kind, started_us, radio_cell
