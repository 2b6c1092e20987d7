-- First pass: handsets with so many records on the radio cells of a site, and how many these are. It reads two columns.
SELECT imei14, CAST(sum(records) AS bigint) AS records
FROM (
    SELECT r.imei14 AS imei14, s.site AS site, count(*) AS records
    FROM network_records AS r
    JOIN serving AS s ON s.radio_cell = r.radio_cell
    WHERE r.imei14 IS NOT NULL
    GROUP BY r.imei14, s.site
) AS r
WHERE records >= {least_records}
GROUP BY imei14
