-- Records of persons. An account knows what its addresses know where the name is the same, and the reverse: the
-- source itself says that they belong together. The number on a parcel for somebody else is the buyer's own as a
-- rule, so an account that has no other has that one. A payer's name is another name of the account that paid
-- (`payer` tells), compared apart, for a card may be another's.
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
),
sent AS (
    SELECT p.evidence, p.record, list_distinct(list_sort(flatten(list(q.numbers)))) AS numbers,
           list_sort(list(DISTINCT q.locator)) AS locators
    FROM own p JOIN own q ON p.evidence = q.evidence AND q.owner = p.record AND p.bearer <> q.bearer
    WHERE q.numbers IS NOT NULL GROUP BY ALL
),
bought AS (
    SELECT o.evidence, coalesce(o.customer, o.invoice) AS record, o.order_id, o.reference, o.ip, o.transaction_id
    FROM orders o
),
named AS (
    SELECT b.evidence, b.record, p.transaction_id, p.payer_name, p.payer_email, p.card_fingerprint, p.card_brand,
           p.card_last4, p.evidence || '!' || p.member || '!' || p.source_table || '#' || CAST(p.source_row AS VARCHAR) AS locator
    FROM bought b JOIN payments p ON p.evidence = b.evidence AND (p.order_id = b.order_id OR p.reference = b.reference)
),
paid AS (
    SELECT * FROM named
    UNION
    SELECT n.evidence, n.record, p.transaction_id, p.payer_name, p.payer_email, p.card_fingerprint, p.card_brand,
           p.card_last4, p.evidence || '!' || p.member || '!' || p.source_table || '#' || CAST(p.source_row AS VARCHAR)
    FROM named n JOIN payments p ON p.transaction_id = n.transaction_id AND p.evidence <> n.evidence
),
cards AS (
    SELECT evidence, record, string_agg(DISTINCT coalesce('card ' || card_fingerprint, lower(card_brand) || ' ' || card_last4), ';'
        ORDER BY coalesce('card ' || card_fingerprint, lower(card_brand) || ' ' || card_last4)) AS cards
    FROM paid GROUP BY ALL
),
asked AS (
    SELECT evidence, record, ip FROM bought
    UNION SELECT evidence, customer, ip FROM connections
    UNION SELECT evidence, record, ip FROM persons
),
ips AS (SELECT evidence, record, string_agg(DISTINCT ip, ';' ORDER BY ip) AS ips FROM asked WHERE ip IS NOT NULL GROUP BY ALL),
relays AS (
    SELECT b.evidence, b.record, string_agg(DISTINCT s.relay, ';' ORDER BY s.relay) AS relays
    FROM bought b JOIN shipments s ON s.evidence = b.evidence AND s.order_id = b.order_id
    WHERE s.relay IS NOT NULL GROUP BY ALL
),
known AS (
    SELECT 'person:' || substr(p.evidence, 1, 12) || ':' || p.record AS id,
           -- Some shops have one field for the whole name.
           CASE WHEN p.given_name IS NULL AND contains(p.family_name, ' ') THEN p.family_name END AS full_name,
           CASE WHEN full_name IS NULL THEN p.family_name END AS family_name, p.given_name,
           strftime(coalesce(p.birth_date, g.birth_date), '%Y-%m-%d') AS birth_date,
           list_distinct(list_concat(coalesce(p.numbers, []), coalesce(g.numbers, []))) AS near_numbers,
           CASE WHEN len(near_numbers) > 0 THEN near_numbers ELSE coalesce(s.numbers, []) END AS all_numbers,
           coalesce(p.email, g.email) AS email,
           CASE WHEN p.address IS NOT NULL THEN p.address ELSE g.address END AS address,
           CASE WHEN p.address IS NOT NULL THEN p.postcode ELSE g.postcode END AS postcode,
           CASE WHEN p.address IS NOT NULL THEN p.city ELSE g.city END AS city,
           c.cards, i.ips, r.relays,
           list_distinct(list_prepend(p.locator, list_concat(coalesce(g.locators, []),
               CASE WHEN len(near_numbers) > 0 THEN [] ELSE coalesce(s.locators, []) END))) AS locators,
           p.owner IS NULL AS apart, p.evidence, p.record
    FROM own p
    LEFT JOIN gathered g ON g.evidence = p.evidence AND g.record = p.record
    LEFT JOIN sent s ON s.evidence = p.evidence AND s.record = p.record
    LEFT JOIN cards c ON c.evidence = p.evidence AND c.record = p.record
    LEFT JOIN ips i ON i.evidence = p.evidence AND i.record = p.record
    LEFT JOIN relays r ON r.evidence = p.evidence AND r.record = p.record
),
payers AS (
    SELECT evidence, record, payer_name, min(payer_email) AS payer_email, list_sort(list(DISTINCT locator)) AS locators
    FROM paid WHERE payer_name IS NOT NULL GROUP BY ALL
),
both_kinds AS (
    SELECT k.*, false AS payer FROM known k
    UNION ALL
    SELECT k.* REPLACE (p.payer_name AS full_name, NULL AS family_name, NULL AS given_name,
                        coalesce(k.email, p.payer_email) AS email,
                        list_distinct(list_concat(k.locators, p.locators)) AS locators), true
    FROM known k JOIN payers p ON p.evidence = k.evidence AND p.record = k.record
    WHERE lower(p.payer_name) IS DISTINCT FROM lower(k.full_name)
      AND lower(p.payer_name) IS DISTINCT FROM lower(k.given_name || ' ' || k.family_name)
      AND lower(p.payer_name) IS DISTINCT FROM lower(k.family_name || ' ' || k.given_name)
)
SELECT id, family_name, given_name, full_name, birth_date,
       array_to_string(list_transform(all_numbers, n -> '+' || n), ';') AS numbers,
       email, address, postcode, city, cards, ips, relays, locators, apart, payer
FROM both_kinds
ORDER BY id, payer, full_name, locators
