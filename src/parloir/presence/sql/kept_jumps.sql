-- Changes of radio cell of the candidates: those within a block of time, and those from one to the next.
SELECT
    imei14,
    imsi_before,
    imsi,
    cell_before,
    radio_cell,
    CAST(sum(jumps) AS bigint) AS jumps,
    min(least_us) AS least_us
FROM (
    SELECT imei14, imsi_before, imsi, cell_before, radio_cell, jumps, least_us
    FROM candidate_jumps
    WHERE part = {part}
    UNION ALL
    SELECT imei14, imsi_before, imsi, cell_before, radio_cell, 1 AS jumps, started_us - us_before AS least_us
    FROM (
        SELECT
            imei14,
            imsi,
            radio_cell,
            started_us,
            block,
            lag(imsi) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell) AS imsi_before,
            lag(radio_cell) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell) AS cell_before,
            lag(started_us) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell) AS us_before,
            lag(block) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell) AS block_before
        FROM candidate_edges
        WHERE part = {part}
    ) AS e
    WHERE block_before <> block AND cell_before <> radio_cell AND started_us - us_before <= {within_us}
) AS j
GROUP BY imei14, imsi_before, imsi, cell_before, radio_cell
