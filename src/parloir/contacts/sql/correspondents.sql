-- Distinct correspondents of each handset while it was inside, and those read from it after a seizure.
-- Tables besides the canonical ones: those of `records_inside`.
WITH talked AS (
    SELECT handset, prison, correspondent AS number, started_us, origin, source_row
    FROM records_inside
    WHERE correspondent IS NOT NULL
),
stored AS (
    SELECT h.handset, CAST(i.prison AS inside_prison) AS prison, c.number, coalesce(c.at_us, i.to_us) AS started_us,
           c.evidence || '!' || c.member || '!' || c.source_table || '#' AS origin, c.source_row
    FROM handset_contents c
    JOIN handsets h ON h.imei14 = c.imei14
    JOIN inside i ON i.handset = h.handset
    WHERE c.number IS NOT NULL
)
SELECT
    handset, CAST(prison AS VARCHAR) AS prison, number,
    count(*) AS events,
    count(DISTINCT started_us // 86400000000) AS days,
    min(started_us) AS first_us,
    max(started_us) AS last_us,
    min(origin || CAST(source_row AS VARCHAR)) AS locator
FROM (SELECT * FROM talked UNION ALL SELECT * FROM stored) AS both_kinds
GROUP BY handset, both_kinds.prison, number
ORDER BY handset, both_kinds.prison, number
