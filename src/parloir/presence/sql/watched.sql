-- When each candidate first came in reach, of whichever site.
SELECT imei14, min(first_us) AS from_us
FROM reach
WHERE imei14 IN (SELECT imei14 FROM candidates)
GROUP BY imei14
