-- Handsets seen on the radio cells of a site. Bit d of `days` is set when a record began on local day d of a
-- round of 63 days, bit d of `locked` when one began in lock-up hours of that day.
SELECT
    imei14,
    site,
    count(*) AS records,
    bit_or(CAST(1 AS bigint) << CAST(day % 63 AS int)) AS days,
    bit_or(CASE WHEN hour >= 18 OR hour < 7 THEN CAST(1 AS bigint) << CAST(day % 63 AS int) ELSE 0 END) AS locked,
    min(started_us) AS first_us,
    max(started_us) AS last_us
FROM (
    SELECT imei14, site, started_us, local_us div 86400000000 AS day, (local_us div 3600000000) % 24 AS hour
    FROM (
        SELECT
            r.imei14 AS imei14,
            s.site AS site,
            r.started_us AS started_us,
            r.started_us + CAST(coalesce(r.offset_min, {offset_min}) AS bigint) * 60000000 AS local_us
        FROM {records} AS r
        JOIN serving AS s ON s.radio_cell = r.radio_cell
        WHERE r.imei14 IS NOT NULL AND r.started_us IS NOT NULL
    ) AS met
) AS told
GROUP BY imei14, site
