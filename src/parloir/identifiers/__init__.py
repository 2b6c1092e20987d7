"""Value types that evidence shares: telephone numbers, e-mail, IMEI, IMSI, radio cells, addresses, names.

One module each. `parse` reads one value as written and answers None where there is none; it never raises
on strange text. `…_column` does the same for a whole Arrow array.
"""
