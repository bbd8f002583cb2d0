"""Members: the insured, their contracts, their rights and their card.

I own persons, their dependents, contracts and guarantees, rights and their history, the payroll facts that move them, the card.
I tell contracts opened, persons registered, rights opened and rights changed.
I listen to affiliation (finalised forms), dsn (all that a payroll feed says) and employers (names of companies and establishments).
"""
