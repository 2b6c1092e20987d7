-- Numbers of the SIMs in handsets while they were inside.
-- Table besides the canonical ones: records_inside, as `contacts.find_records_inside` leaves it.
SELECT DISTINCT number FROM records_inside WHERE number IS NOT NULL ORDER BY number
