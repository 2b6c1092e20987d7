-- When each candidate first came in reach, of whichever site.
SELECT r.imei14 AS imei14, min(r.first_us) AS from_us
FROM reach AS r
JOIN candidates AS c ON c.imei14 = r.imei14
GROUP BY r.imei14
