-- Numbers of the people of everybody who had a stay in a prison. Table besides the canonical ones: known, as
-- known_numbers.sql gives it.
SELECT DISTINCT s.prison, k.inmate, k.number
FROM known k
JOIN stays s ON s.inmate = k.inmate
WHERE s.prison IS NOT NULL AND k.probability >= 0.5
ORDER BY ALL
