-- One part of the watched handsets' records. The same leg may stand in the answers to two requests that overlap; it
-- counts once.
SELECT
    imei14,
    imsi,
    correspondent,
    kind,
    started_us,
    min(local_us) AS local_us,
    max(duration_s) AS duration_s,
    radio_cell,
    max(two_g) AS two_g
FROM watched_rows
WHERE part = {part}
GROUP BY imei14, imsi, correspondent, kind, started_us, radio_cell
