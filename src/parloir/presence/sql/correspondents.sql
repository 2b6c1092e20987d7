-- How often each handset communicated with each number.
SELECT
    imei14,
    imsi,
    correspondent,
    count(*) AS records,
    CAST(sum(CASE WHEN kind IN ('call_out', 'text_out') THEN 1 ELSE 0 END) AS bigint) AS outgoing
FROM candidate_records
WHERE correspondent <> 0
GROUP BY imei14, imsi, correspondent
ORDER BY imei14, imsi, correspondent
