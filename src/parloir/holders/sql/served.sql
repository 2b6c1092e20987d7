-- Which radio cells served each handset while it was inside: hours with a record, by network.
-- Table besides the canonical ones: records_inside, in the context of `contacts.records_inside`.
SELECT
    handset,
    CAST(prison AS VARCHAR) AS prison,
    CAST(network AS VARCHAR) AS network,
    radio_cell,
    count(DISTINCT started_us // 3600000000) AS hours
FROM records_inside r
WHERE radio_cell IS NOT NULL
GROUP BY handset, r.prison, r.network, radio_cell
ORDER BY handset, r.prison, r.network, radio_cell
