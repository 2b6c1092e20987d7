-- The rows of one register (with start, finish and what), in order, by prison.
-- Table besides the canonical ones: inmate_numbers (inmate, inmate_number).
-- Leaves the types register_prison and register_table; '' is in them since a type needs one word at least.
CREATE TYPE register_prison AS ENUM (
    SELECT prison FROM ($register) WHERE prison IS NOT NULL UNION SELECT '' ORDER BY ALL
);
CREATE TYPE register_table AS ENUM (
    SELECT evidence || '!' || member || '!' || source_table || '#'
    FROM (SELECT DISTINCT evidence, member, source_table FROM ($register)) UNION SELECT '' ORDER BY ALL
);
SELECT
    CAST(prison AS register_prison) AS prison,
    coalesce(n.inmate_number, -1) AS inmate,
    start, finish, what,
    CAST(evidence || '!' || member || '!' || source_table || '#' AS register_table) AS origin,
    source_row AS number
FROM ($register) r LEFT JOIN inmate_numbers n ON n.inmate = r.inmate
WHERE r.prison IS NOT NULL AND r.inmate IS NOT NULL AND start IS NOT NULL
ORDER BY prison, start, inmate, origin, number
