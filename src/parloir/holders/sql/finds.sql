-- Finds of handsets: where, when, whom the report names, and the row.
SELECT prison, prison_cell, found_us, inmate, imeis,
       evidence || '!' || member || '!' || source_table || '#' || CAST(source_row AS VARCHAR) AS locator
FROM seizures
WHERE item = 'handset' AND found_us IS NOT NULL AND prison IS NOT NULL
ORDER BY ALL
