-- What each handset did while it was inside, as short as the kinds of evidence need it.
-- Table besides the canonical ones: records_inside, in the context of `contacts.records_inside`.
SELECT
    handset,
    prison,
    started_us,
    started_us + 1000000 * coalesce(duration_s, 0) AS ended_us,
    voice
FROM records_inside
ORDER BY handset, started_us, prison
