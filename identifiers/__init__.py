"""The identifiers and texts that every service reads the same way: NIR, SIREN, SIRET, IBAN, phone, e-mail, names.

Pure: no database, no clock, no service. Each module has `parse(text) -> str`: the one canonical form, or a `ValueError` whose message is
one French sentence to show to the person.
"""
