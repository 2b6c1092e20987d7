-- Records of persons. An account knows what its addresses know where the name is the same, and the reverse:
-- the source itself says that they belong together.
WITH own AS (
    SELECT *, lower(coalesce(family_name, '')) || '|' || lower(coalesce(given_name, '')) AS bearer,
           evidence || '!' || member || '!' || source_table || '#' || CAST(source_row AS VARCHAR) AS locator
    FROM persons
),
near AS (
    SELECT p.evidence, p.record, q.numbers, q.email, q.birth_date, q.address, q.postcode, q.city, q.record AS from_record,
           q.locator
    FROM own p JOIN own q ON p.evidence = q.evidence AND p.bearer = q.bearer AND p.bearer <> '|'
        AND p.record <> q.record AND coalesce(p.owner, p.record) = coalesce(q.owner, q.record)
),
gathered AS (
    SELECT evidence, record, list_distinct(list_sort(flatten(list(coalesce(numbers, []))))) AS numbers,
           list_sort(list(DISTINCT locator)) AS locators, min(email) AS email, min(birth_date) AS birth_date,
           arg_min(address, from_record) FILTER (WHERE address IS NOT NULL) AS address,
           arg_min(postcode, from_record) FILTER (WHERE address IS NOT NULL) AS postcode,
           arg_min(city, from_record) FILTER (WHERE address IS NOT NULL) AS city
    FROM near GROUP BY ALL
)
SELECT 'person:' || substr(p.evidence, 1, 12) || ':' || p.record AS id,
       p.family_name, p.given_name,
       strftime(coalesce(p.birth_date, g.birth_date), '%Y-%m-%d') AS birth_date,
       array_to_string(list_transform(list_distinct(list_concat(coalesce(p.numbers, []), coalesce(g.numbers, []))), n -> '+' || n), ';') AS numbers,
       coalesce(p.email, g.email) AS email,
       CASE WHEN p.address IS NOT NULL THEN p.address ELSE g.address END AS address,
       CASE WHEN p.address IS NOT NULL THEN p.postcode ELSE g.postcode END AS postcode,
       CASE WHEN p.address IS NOT NULL THEN p.city ELSE g.city END AS city,
       list_distinct(list_prepend(p.locator, coalesce(g.locators, []))) AS locators,
       p.owner IS NULL AS apart
FROM own p LEFT JOIN gathered g ON g.evidence = p.evidence AND g.record = p.record
ORDER BY id, locators
