-- Handsets seen in reach up to and with this block of time.
SELECT
    imei14,
    site,
    CAST(sum(records) AS bigint) AS records,
    bit_or(days) AS days,
    bit_or(locked) AS locked,
    min(first_us) AS first_us,
    max(last_us) AS last_us
FROM (SELECT * FROM reach_before UNION ALL SELECT * FROM reach_within) AS r
GROUP BY imei14, site
