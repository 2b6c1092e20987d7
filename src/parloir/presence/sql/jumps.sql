-- Changes of radio cell between one record and the next of the same IMEI, within the time given: what no single
-- handset can do when the two are far apart.
SELECT
    imei14,
    imsi_before,
    imsi,
    cell_before,
    radio_cell,
    count(*) AS jumps,
    min(started_us - us_before) AS least_us
FROM (
    SELECT
        imei14,
        imsi,
        radio_cell,
        started_us,
        lag(imsi) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell) AS imsi_before,
        lag(radio_cell) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell) AS cell_before,
        lag(started_us) OVER (PARTITION BY imei14 ORDER BY started_us, imsi, radio_cell) AS us_before
    FROM watched_records
) AS r
WHERE cell_before <> radio_cell AND started_us - us_before <= {within_us}
GROUP BY imei14, imsi_before, imsi, cell_before, radio_cell
