-- First pass: handsets with so many records in reach of any site, and how many these are. It reads two columns. The
-- condition on `serving` always holds: with one, DuckDB sends a Bloom filter of these radio cells into its scan.
SELECT r.imei14 AS imei14, count(*) AS records
FROM network_records AS r
JOIN (SELECT radio_cell FROM serving WHERE radio_cell % 1 = 0) AS s ON s.radio_cell = r.radio_cell
WHERE r.imei14 IS NOT NULL
GROUP BY r.imei14
HAVING count(*) >= {least_records}
