-- How often each handset communicated with each number.
SELECT
    imei14,
    imsi,
    correspondent,
    count(*) AS records,
    count(CASE WHEN kind IN ('call_out', 'text_out') THEN 1 END) AS outgoing
FROM watched_records
WHERE correspondent <> 0
GROUP BY imei14, imsi, correspondent
