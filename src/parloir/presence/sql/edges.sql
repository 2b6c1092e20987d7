-- Records so near to an end of a block of time that a change of radio cell may reach over it; `free_us` as in
-- `jumps.sql`.
SELECT
    imei14,
    imsi,
    started_us,
    radio_cell,
    started_us + {swap_us}
        + CASE WHEN kind IN ('call_out', 'call_in') THEN duration_s ELSE 0 END * CAST(1000000 AS bigint) AS free_us,
    CAST({from_us} AS bigint) AS block
FROM watched_records
WHERE started_us < {from_us} + {within_us} OR started_us >= {to_us} - {within_us}
