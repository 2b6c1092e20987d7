SELECT 'inmate:' || inmate AS id, family_name, given_name, strftime(birth_date, '%Y-%m-%d') AS birth_date,
       NULL::VARCHAR AS numbers, NULL::VARCHAR AS email, NULL::VARCHAR AS address,
       NULL::VARCHAR AS postcode, NULL::VARCHAR AS city,
       [evidence || '!' || member || '!' || source_table || '#' || CAST(source_row AS VARCHAR)] AS locators, true AS apart, false AS payer
FROM inmates WHERE inmate IS NOT NULL
ORDER BY id, locators
