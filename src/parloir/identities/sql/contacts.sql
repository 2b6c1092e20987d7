SELECT 'contact:' || inmate || ':' || number AS id, family_name, given_name, NULL::VARCHAR AS birth_date,
       '+' || number AS numbers, NULL::VARCHAR AS email, NULL::VARCHAR AS address,
       NULL::VARCHAR AS postcode, NULL::VARCHAR AS city,
       [evidence || '!' || member || '!' || source_table || '#' || CAST(source_row AS VARCHAR)] AS locators, true AS apart, false AS payer
FROM approved_contacts WHERE inmate IS NOT NULL AND number IS NOT NULL
ORDER BY id, locators
