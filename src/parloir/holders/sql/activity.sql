-- What each handset did while it was inside, as short as the kinds of evidence need it.
-- Table besides the canonical ones: records_inside, as `contacts.find_records_inside` leaves it.
SELECT
    handset,
    prison,
    started_us,
    started_us + 1000000 * coalesce(duration_s, 0) AS ended_us,
    kind IN ('call_out', 'call_in') AS voice
FROM records_inside
ORDER BY handset, started_us, prison
