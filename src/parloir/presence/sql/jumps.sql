-- Changes of radio cell or SIM between one record and the next of the same IMEI, within the time given: what no single
-- handset can do when the radio cells are far apart. `at_once` counts changes of SIM that leave no time for one: the
-- next SIM's record begins before the call of the one before is over and the SIM can have been changed.
SELECT
    imei14,
    imsi_before,
    imsi,
    cell_before,
    radio_cell,
    count(*) AS jumps,
    min(started_us - us_before) AS least_us,
    count(
        CASE WHEN imsi_before <> imsi AND imsi_before > 0 AND imsi > 0 AND started_us < free_before THEN 1 END
    ) AS at_once
FROM (
    SELECT
        imei14,
        imsi,
        radio_cell,
        started_us,
        lag(imsi) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell, free_us) AS imsi_before,
        lag(radio_cell) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell, free_us) AS cell_before,
        lag(started_us) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell, free_us) AS us_before,
        lag(free_us) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell, free_us) AS free_before
    FROM (
        SELECT
            imei14,
            imsi,
            radio_cell,
            started_us,
            started_us + {swap_us}
                + CASE WHEN kind IN ('call_out', 'call_in') THEN duration_s ELSE 0 END * CAST(1000000 AS bigint)
                AS free_us
        FROM watched_records
    ) AS w
) AS r
WHERE (cell_before <> radio_cell OR (imsi_before <> imsi AND imsi_before > 0 AND imsi > 0))
    AND started_us - us_before <= {within_us}
GROUP BY imei14, imsi_before, imsi, cell_before, radio_cell
