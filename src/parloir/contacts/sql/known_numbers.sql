-- Every number by which an inmate's own people are known, with the row that says so where it is met on a handset.
-- Tables besides the canonical ones: links (left_key, right_key, probability), symmetric; met_numbers (number).
WITH visitor_numbers AS (
    SELECT 'visitor:' || v.visitor AS person, unnest(v.numbers) AS number,
           v.evidence, v.member, v.source_table, v.source_row
    FROM visitors v
),
person_numbers AS (
    SELECT 'person:' || substr(p.evidence, 1, 12) || ':' || p.record AS person, unnest(p.numbers) AS number,
           p.evidence, p.member, p.source_table, p.source_row
    FROM persons p
),
visited AS (SELECT DISTINCT inmate, 'visitor:' || visitor AS person FROM visits WHERE inmate IS NOT NULL),
told AS (
    SELECT inmate, number, 1.0 AS probability, evidence, member, source_table, source_row
    FROM approved_contacts
    UNION ALL
    SELECT inmate, number, 1.0, evidence, member, source_table, source_row
    FROM official_calls
    UNION ALL
    SELECT v.inmate, n.number, 1.0, n.evidence, n.member, n.source_table, n.source_row
    FROM visited v JOIN visitor_numbers n ON n.person = v.person
    UNION ALL
    SELECT v.inmate, n.number, l.probability, n.evidence, n.member, n.source_table, n.source_row
    FROM visited v
    JOIN links l ON l.left_key = v.person
    JOIN person_numbers n ON n.person = l.right_key
)
SELECT
    inmate, number,
    max(probability) AS probability,
    min(CASE WHEN number IN (SELECT number FROM met_numbers)
        THEN evidence || '!' || member || '!' || source_table || '#' || CAST(source_row AS VARCHAR) END) AS locator
FROM told
WHERE inmate IS NOT NULL AND number IS NOT NULL
GROUP BY inmate, number
ORDER BY inmate, number
