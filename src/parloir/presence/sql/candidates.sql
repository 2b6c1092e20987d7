-- Prefilter: handsets that dwell on the radio cells of a site; on how many days, and on how many in lock-up hours.
SELECT
    imei14,
    site,
    records,
    CAST(bit_count(days) AS bigint) AS days,
    CAST(bit_count(locked) AS bigint) AS locked,
    first_us,
    last_us
FROM reach
WHERE records >= {least_records} AND last_us - first_us >= {least_us}
