-- Numbers of the SIMs in handsets while they were inside.
-- Table besides the canonical ones: records_inside, in the context of `contacts.records_inside`.
SELECT DISTINCT number FROM records_inside WHERE number IS NOT NULL ORDER BY number
