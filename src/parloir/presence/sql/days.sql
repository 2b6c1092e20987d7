-- One row for each handset, SIM, local day and radio cell. Bit h of `hours` is set when a record began in local
-- hour h. 1970-01-01 was a Thursday, so (day + 3) % 7 is 0 on Monday. `beat_near` and `beat_off` add up where in the
-- quarter of an hour each record began, as two triangular waves a quarter period apart (in place of cosine and sine,
-- to stay with integers): a machine that reports by the clock adds up, people cancel out.
SELECT
    imei14,
    imsi,
    day,
    radio_cell,
    count(*) AS records,
    count(CASE WHEN hour >= 18 OR hour < 7 THEN 1 END) AS locked,
    count(CASE WHEN hour >= 22 OR hour < 6 THEN 1 END) AS night,
    count(CASE WHEN kind IN ('call_out', 'text_out') THEN 1 END) AS outgoing,
    count(CASE WHEN kind IN ('call_in', 'text_in') THEN 1 END) AS incoming,
    count(CASE WHEN kind IN ('call_out', 'call_in') THEN 1 END) AS calls,
    count(CASE WHEN kind = 'data' THEN 1 END) AS data,
    CAST(sum(CASE WHEN kind IN ('call_out', 'call_in') THEN duration_s ELSE 0 END) AS bigint) AS talk_s,
    count(CASE WHEN two_g = 1 THEN 1 END) AS two_g,
    bit_or(CAST(1 AS bigint) << CAST(hour AS int)) AS hours,
    CAST(sum(abs(phase - 450) - 225) AS bigint) AS beat_near,
    CAST(sum(abs((phase + 225) % 900 - 450) - 225) AS bigint) AS beat_off,
    min(started_us) AS first_us,
    max(started_us) AS last_us
FROM (
    SELECT *, local_us div 86400000000 AS day, (local_us div 3600000000) % 24 AS hour,
        (started_us div 1000000) % 900 AS phase
    FROM watched_records
) AS r
GROUP BY imei14, imsi, day, radio_cell
