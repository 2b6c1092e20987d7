-- How often each candidate communicated with each number, all blocks of time together.
SELECT
    imei14,
    imsi,
    correspondent,
    CAST(sum(records) AS bigint) AS records,
    CAST(sum(outgoing) AS bigint) AS outgoing
FROM candidate_correspondents
WHERE part = {part}
GROUP BY imei14, imsi, correspondent
