-- Words that records inside are told by, as types: a byte or two for each record instead of sixty.
-- '' is in each of them, since a type needs one word at least.
CREATE TEMPORARY TABLE inside_words AS
    SELECT DISTINCT evidence, member, source_table, operator, technology FROM network_records;
CREATE TYPE inside_prison AS ENUM (SELECT prison FROM inside WHERE prison IS NOT NULL UNION SELECT '' ORDER BY ALL);
CREATE TYPE inside_origin AS ENUM (
    SELECT evidence || '!' || member || '!' || source_table || '#' AS word FROM inside_words WHERE word IS NOT NULL
    UNION SELECT '' ORDER BY ALL
);
CREATE TYPE inside_network AS ENUM (
    SELECT coalesce(operator, '') || '/' || coalesce(technology, '') FROM inside_words UNION SELECT '' ORDER BY ALL
);
DROP TABLE inside_words
