"""Members: the insured, their contracts, their rights and their card.

I own persons, their dependents, contracts and guarantees, rights and their history, the payroll facts that move them, the radiations told
without payroll, the portabilities that members declare, the card.
I tell contracts opened, persons registered, rights opened and rights changed, answers to declared portabilities.
I listen to affiliation (finalised forms), documents (proofs of portability), dsn (all that a payroll feed says), employers (names of
companies and establishments), and to whoever shows a person's file to somebody else (affiliation, documents, messaging).
"""
