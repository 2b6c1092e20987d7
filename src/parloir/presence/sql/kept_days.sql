-- The days of the candidates; a local day, and a radio cell on it, may lie in two blocks of time.
SELECT
    imei14,
    imsi,
    day,
    radio_cell,
    CAST(sum(records) AS bigint) AS records,
    CAST(sum(locked) AS bigint) AS locked,
    CAST(sum(night) AS bigint) AS night,
    CAST(sum(outgoing) AS bigint) AS outgoing,
    CAST(sum(incoming) AS bigint) AS incoming,
    CAST(sum(calls) AS bigint) AS calls,
    CAST(sum(data) AS bigint) AS data,
    CAST(sum(talk_s) AS bigint) AS talk_s,
    CAST(sum(two_g) AS bigint) AS two_g,
    bit_or(hours) AS hours,
    CAST(sum(beat_near) AS bigint) AS beat_near,
    CAST(sum(beat_off) AS bigint) AS beat_off,
    min(first_us) AS first_us,
    max(last_us) AS last_us
FROM candidate_days
WHERE part = {part}
GROUP BY imei14, imsi, day, radio_cell
