SELECT 'visitor:' || visitor AS id, family_name, given_name, strftime(birth_date, '%Y-%m-%d') AS birth_date,
       array_to_string(list_transform(coalesce(numbers, []), n -> '+' || n), ';') AS numbers,
       email, address, postcode, city,
       [evidence || '!' || member || '!' || source_table || '#' || CAST(source_row AS VARCHAR)] AS locators, true AS apart, false AS payer
FROM visitors WHERE visitor IS NOT NULL
ORDER BY id, locators
