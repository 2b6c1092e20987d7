-- Some records of each stretch of a handset in a prison, spread evenly from its first to its last.
SELECT stretch, locator
FROM (
    SELECT
        s.stretch AS stretch,
        concat(r.evidence, '!', r.member, '!', r.source_table, '#', CAST(r.source_row AS VARCHAR)) AS locator,
        row_number() OVER (PARTITION BY s.stretch ORDER BY r.started_us, r.evidence, r.source_row) AS place,
        count(*) OVER (PARTITION BY s.stretch) AS records
    FROM stretches AS s
    JOIN network_records AS r
        ON r.imei14 = s.imei14 AND r.started_us >= s.from_us AND r.started_us <= s.to_us
) AS named
WHERE place = 1 OR (place * {rows}) div records > ((place - 1) * {rows}) div records
ORDER BY stretch, locator
