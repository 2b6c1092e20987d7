-- Handsets found while there were records, their first week aside, and how many of them had been weighed.
-- Table besides the canonical ones: handsets (imei14, handset).
WITH period AS (SELECT min(started_us) + 7 * 86400000000 AS from_us, max(started_us) AS to_us FROM network_records),
finds AS (
    SELECT DISTINCT s.imeis
    FROM seizures s, period p
    WHERE s.item = 'handset' AND len(s.imeis) > 0 AND s.found_us >= p.from_us AND s.found_us <= p.to_us
      AND s.found_us < $1
)
SELECT count(*) AS finds,
       count(*) FILTER (WHERE list_has_any(imeis, (SELECT list(imei14) FROM handsets))) AS seen
FROM finds
