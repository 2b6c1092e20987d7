-- Prefilter: handsets that dwell on the radio cells of a site.
SELECT imei14, site, records, first_us, last_us
FROM reach
WHERE records >= {least_records} AND last_us - first_us >= {least_us}
