-- Second pass: the records of the handsets met. The condition on `met` always holds, as in `met.sql`.
SELECT
    r.imei14 AS imei14,
    r.imsi AS imsi,
    r.correspondent AS correspondent,
    r.kind AS kind,
    r.started_us AS started_us,
    r.offset_min AS offset_min,
    r.duration_s AS duration_s,
    r.radio_cell AS radio_cell,
    r.technology AS technology,
    m.part AS part
FROM network_records AS r
JOIN (SELECT imei14, part FROM met WHERE imei14 % 1 = 0) AS m ON m.imei14 = r.imei14
