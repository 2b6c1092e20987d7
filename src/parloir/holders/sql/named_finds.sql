-- Finds of handsets whose report names the holder, each once: two files may tell of one find.
SELECT prison, prison_cell, min(found_us) AS found_us, inmate
FROM seizures
WHERE item = 'handset' AND found_us IS NOT NULL AND found_us < $1 AND prison IS NOT NULL AND inmate IS NOT NULL
GROUP BY prison, prison_cell, inmate, found_us // 86400000000, imeis
ORDER BY ALL
