-- Records so near to an end of a block of time that a change of radio cell may reach over it.
SELECT imei14, imsi, started_us, radio_cell, CAST({from_us} AS bigint) AS block
FROM watched_records
WHERE started_us < {from_us} + {within_us} OR started_us >= {to_us} - {within_us}
