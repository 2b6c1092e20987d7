-- Changes of radio cell or SIM of the candidates: those within a block of time, and those from one to the next.
SELECT
    imei14,
    imsi_before,
    imsi,
    cell_before,
    radio_cell,
    CAST(sum(jumps) AS bigint) AS jumps,
    min(least_us) AS least_us,
    CAST(sum(at_once) AS bigint) AS at_once
FROM (
    SELECT imei14, imsi_before, imsi, cell_before, radio_cell, jumps, least_us, at_once
    FROM candidate_jumps
    WHERE part = {part}
    UNION ALL
    SELECT
        imei14,
        imsi_before,
        imsi,
        cell_before,
        radio_cell,
        1 AS jumps,
        started_us - us_before AS least_us,
        CASE
            WHEN imsi_before <> imsi AND imsi_before > 0 AND imsi > 0 AND started_us < free_before THEN 1 ELSE 0
        END AS at_once
    FROM (
        SELECT
            imei14,
            imsi,
            radio_cell,
            started_us,
            block,
            lag(imsi) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell, free_us) AS imsi_before,
            lag(radio_cell) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell, free_us) AS cell_before,
            lag(started_us) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell, free_us) AS us_before,
            lag(free_us) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell, free_us) AS free_before,
            lag(block) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell, free_us) AS block_before
        FROM candidate_edges
        WHERE part = {part}
    ) AS e
    WHERE block_before <> block
        AND (cell_before <> radio_cell OR (imsi_before <> imsi AND imsi_before > 0 AND imsi > 0))
        AND started_us - us_before <= {within_us}
) AS j
GROUP BY imei14, imsi_before, imsi, cell_before, radio_cell
