-- Orders whose customer may be a visitor of an inmate, one row an (order, visitor, inmate).
-- Table besides the canonical ones: links (left_key, right_key, probability), symmetric.
WITH people_of_order AS (
    SELECT o.evidence, o.order_id, unnest([o.customer, o.delivery, o.invoice]) AS record FROM orders o
),
keyed AS (
    SELECT DISTINCT evidence, order_id, 'person:' || substr(evidence, 1, 12) || ':' || record AS person
    FROM people_of_order WHERE record IS NOT NULL
),
linked AS (
    SELECT k.evidence, k.order_id, l.right_key AS visitor, max(l.probability) AS probability
    FROM keyed k JOIN links l ON l.left_key = k.person
    WHERE l.right_key LIKE 'visitor:%'
    GROUP BY ALL
),
visited AS (
    SELECT 'visitor:' || visitor AS visitor, inmate, count(*) AS visits,
           list(started_us ORDER BY started_us) AS visit_times
    FROM visits WHERE inmate IS NOT NULL AND started_us IS NOT NULL
    GROUP BY ALL
),
arrived AS (
    SELECT evidence, order_id, min(coalesce(delivered_us, shipped_us + 2 * 86400000000)) AS arrived_us
    FROM shipments GROUP BY ALL
),
lines AS (
    SELECT evidence, order_id,
           list(DISTINCT model ORDER BY model) FILTER (WHERE model IS NOT NULL) AS models,
           list(DISTINCT imei14 ORDER BY imei14) FILTER (WHERE imei14 IS NOT NULL) AS imeis,
           sum(coalesce(quantity, 1)) AS units
    FROM order_lines GROUP BY ALL
),
listed AS (
    SELECT ltrim(order_id, '#') AS order_id, list(DISTINCT imei14 ORDER BY imei14) AS imeis
    FROM stock WHERE order_id IS NOT NULL AND imei14 IS NOT NULL GROUP BY ALL
)
SELECT
    o.order_id, v.inmate, v.visitor, l.probability, v.visits, v.visit_times,
    coalesce(a.arrived_us, o.ordered_us + 3 * 86400000000) AS arrived_us,
    coalesce(n.models, []) AS models,
    coalesce(n.imeis, []) || coalesce(s.imeis, []) AS imeis,
    coalesce(n.units, 1) AS units,
    o.evidence || '!' || o.member || '!' || o.source_table || '#' || CAST(o.source_row AS VARCHAR) AS locator
FROM linked l
JOIN orders o ON o.evidence = l.evidence AND o.order_id = l.order_id
JOIN visited v ON v.visitor = l.visitor
LEFT JOIN arrived a ON a.evidence = o.evidence AND a.order_id = o.order_id
LEFT JOIN lines n ON n.evidence = o.evidence AND n.order_id = o.order_id
LEFT JOIN listed s ON s.order_id = ltrim(o.order_id, '#') -- some shops write #117
WHERE o.ordered_us IS NOT NULL
ORDER BY o.order_id, v.inmate, v.visitor, locator
