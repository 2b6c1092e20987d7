-- Handsets seen on the radio cells of a site. Most records fall away in the join, so one pass with a few integers a
-- group costs little more than reading three columns.
SELECT
    r.imei14 AS imei14,
    s.site AS site,
    count(*) AS records,
    min(r.started_us) AS first_us,
    max(r.started_us) AS last_us
FROM network_records AS r
JOIN serving AS s ON s.radio_cell = r.radio_cell
WHERE r.imei14 IS NOT NULL AND r.started_us IS NOT NULL
GROUP BY r.imei14, s.site
