-- What the handsets compared with one another did when: `place` numbers them. A leg that stands in two answers
-- counts once. A call lasts two hours at most: what is longer is a clock that was never stopped.
SELECT DISTINCT
    c.place AS place,
    CAST(r.started_us div 1000000 AS bigint) AS second,
    CASE WHEN r.kind IN ('call_out', 'call_in') THEN least(coalesce(r.duration_s, 0), 7200) ELSE 0 END AS talk_s,
    coalesce(r.imsi, 0) AS imsi,
    coalesce(r.number, 0) AS number
FROM network_records AS r
JOIN compared AS c ON c.imei14 = r.imei14
WHERE r.started_us >= c.from_us AND r.started_us <= c.to_us
ORDER BY place, second, imsi, number, talk_s
