-- Orders grouped by what they share: the account, and each key that may stand under several names.
-- Parameters: $many units or $often orders of one account.
WITH unit_counts AS (
    -- Lines of a known model; all lines where the shop's names match none.
    SELECT evidence, order_id, coalesce(sum(quantity) FILTER (WHERE model IS NOT NULL), sum(quantity)) AS units
    FROM order_lines GROUP BY evidence, order_id
),
people AS MATERIALIZED (
    SELECT evidence, record, numbers,
        nullif(trim(coalesce(given_name, '') || ' ' || coalesce(family_name, '')), '') AS name
    FROM persons
),
bought AS MATERIALIZED (
    SELECT o.evidence, o.order_id, o.reference, o.transaction_id, o.customer, o.ip, o.ordered_us,
        coalesce(u.units, 1) AS units,
        coalesce(c.name, i.name, d.name) AS name,
        list_distinct(coalesce(c.numbers, []) || coalesce(i.numbers, []) || coalesce(d.numbers, [])) AS numbers,
        o.evidence || '!' || o.member || '!' || o.source_table || '#' || o.source_row AS locator
    FROM orders o
    LEFT JOIN unit_counts u USING (evidence, order_id)
    LEFT JOIN people c ON c.evidence = o.evidence AND c.record = o.customer
    LEFT JOIN people i ON i.evidence = o.evidence AND i.record = o.invoice
    LEFT JOIN people d ON d.evidence = o.evidence AND d.record = o.delivery
),
own_payments AS MATERIALIZED (
    SELECT b.locator, p.transaction_id, p.payment_intent, p.card_fingerprint, p.payer_email, p.payer_name
    FROM bought b JOIN payments p ON p.evidence = b.evidence AND p.order_id = b.order_id
    UNION
    SELECT b.locator, p.transaction_id, p.payment_intent, p.card_fingerprint, p.payer_email, p.payer_name
    FROM bought b JOIN payments p ON p.evidence = b.evidence AND p.order_id IS NULL AND p.reference = b.reference
),
transactions AS MATERIALIZED (
    SELECT locator, transaction_id FROM bought WHERE transaction_id IS NOT NULL
    UNION SELECT locator, transaction_id FROM own_payments WHERE transaction_id IS NOT NULL
),
paid AS MATERIALIZED (
    SELECT locator, card_fingerprint, payer_email, payer_name FROM own_payments
    UNION
    SELECT t.locator, p.card_fingerprint, p.payer_email, p.payer_name
    FROM transactions t JOIN payments p ON p.transaction_id = t.transaction_id
    UNION
    SELECT t.locator, p.card_fingerprint, p.payer_email, p.payer_name
    FROM transactions t JOIN payments p ON p.payment_intent = t.transaction_id
),
keys AS MATERIALIZED (
    SELECT locator, 'account' AS kind, coalesce(customer, 'order:' || order_id) AS shared,
        evidence || coalesce(customer, 'order:' || order_id) AS shared_key
    FROM bought
    UNION SELECT locator, 'card', card_fingerprint, card_fingerprint FROM paid
    UNION SELECT locator, 'payer', coalesce(payer_email, payer_name), lower(coalesce(payer_email, payer_name)) FROM paid
    UNION SELECT locator, 'phone', '+' || number, '+' || number FROM (SELECT locator, unnest(numbers) AS number FROM bought)
    UNION SELECT locator, 'ip', ip, ip FROM bought
    UNION SELECT b.locator, 'ip', n.ip, n.ip
        FROM bought b JOIN connections n ON n.evidence = b.evidence AND n.customer = b.customer
    UNION SELECT b.locator, 'relay', concat_ws(' ', s.relay, s.relay_name, s.relay_city), lower(coalesce(s.carrier, '')) || s.relay
        FROM bought b JOIN shipments s ON s.evidence = b.evidence AND s.order_id = b.order_id WHERE s.relay IS NOT NULL
),
shared_by AS MATERIALIZED (
    SELECT k.kind, any_value(k.shared ORDER BY k.shared) AS shared,
        list_sort(list_distinct(list(b.name) FILTER (WHERE b.name IS NOT NULL))) AS names,
        count(DISTINCT lower(strip_accents(b.name))) AS people,
        count(*) AS orders, sum(b.units)::BIGINT AS units, max(b.units)::BIGINT AS largest,
        min(b.ordered_us) AS first_us, max(b.ordered_us) AS last_us,
        list_sort(list(b.locator)) AS locators
    FROM (SELECT DISTINCT ON (kind, shared_key, locator) * FROM keys WHERE trim(shared_key) <> ''
          ORDER BY kind, shared_key, locator, shared) k
    JOIN bought b USING (locator)
    GROUP BY k.kind, k.shared_key
),
compared AS (
    SELECT *, avg(orders) OVER (PARTITION BY kind) AS usual FROM shared_by
)
SELECT kind, shared, names, people, orders, units, largest, usual, first_us, last_us, locators
FROM compared
WHERE CASE kind
    WHEN 'account' THEN units >= $many OR orders >= $often
    -- A relay point serves many customers: only one far above the usual number, by Poisson's deviation.
    WHEN 'relay' THEN people > 1 AND orders > usual + 3 * sqrt(usual)
    ELSE people > 1
END
ORDER BY units DESC, people DESC, orders DESC, kind, shared
