-- When the inmates of each prison are known to be somewhere else: in another prison, not yet taken in, or released.
-- Where the registers note no release at all, who has no stay after his last one has left; where they do, a time
-- without a stay is a row that was never entered.
-- $forever: end of what lasts.
WITH lived AS (SELECT DISTINCT inmate, prison FROM stays WHERE inmate IS NOT NULL AND prison IS NOT NULL),
taken AS (
    SELECT inmate, min(committed_us) AS committed_us, max(coalesce(released_us, $forever)) AS released_us,
           min(evidence) AS evidence, min(member) AS member, min(source_table) AS source_table,
           min(source_row) AS source_row
    FROM inmates GROUP BY inmate
),
last AS (
    SELECT inmate, max(coalesce(to_us, $forever)) AS left_us, min(evidence) AS evidence, min(member) AS member,
           min(source_table) AS source_table, min(source_row) AS source_row
    FROM stays GROUP BY inmate
),
away AS (
    SELECT inmate, prison AS other, from_us AS start, coalesce(to_us, $forever) AS finish,
           evidence, member, source_table, source_row
    FROM stays WHERE prison IS NOT NULL
    UNION ALL
    SELECT inmate, '', 0, committed_us, evidence, member, source_table, source_row
    FROM taken WHERE committed_us IS NOT NULL
    UNION ALL
    SELECT inmate, '', released_us, $forever, evidence, member, source_table, source_row
    FROM taken WHERE released_us < $forever
    UNION ALL
    SELECT inmate, '', left_us, $forever, evidence, member, source_table, source_row
    FROM last WHERE left_us < $forever AND NOT EXISTS (SELECT 1 FROM inmates WHERE released_us IS NOT NULL)
)
SELECT lived.prison, away.inmate, away.start, away.finish, CAST(NULL AS VARCHAR) AS what,
       away.evidence, away.member, away.source_table, away.source_row
FROM away JOIN lived ON lived.inmate = away.inmate AND lived.prison <> away.other
