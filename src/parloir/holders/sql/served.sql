-- Which radio cells served each handset while it was inside: hours with a record, by network.
-- Table besides the canonical ones: records_inside, as `contacts.find_records_inside` leaves it.
SELECT
    handset,
    prison,
    coalesce(operator, '') || '/' || coalesce(technology, '') AS network,
    radio_cell,
    count(DISTINCT started_us // 3600000000) AS hours
FROM records_inside
WHERE radio_cell IS NOT NULL
GROUP BY ALL
ORDER BY ALL
