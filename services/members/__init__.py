"""Members: the insured, their contracts, their rights and their card.

I own persons, their dependents, contracts and guarantees, rights and their history, the payroll facts that move them, the radiations told
without payroll, the portabilities that members declare, the card, what a care would cost, the care network, the lists that employers keep.
I tell contracts opened, persons registered, whose a form is, rights opened and changed, answers to declared portabilities, proofs due.
I listen to affiliation (finalised forms), documents (proofs of portability), dsn (all that a payroll feed says), employers (names of
companies and establishments), identity (forms to recognise, contacts changed, copies asked, accounts deleted), and to whoever shows a
person's file to somebody else (affiliation, documents, messaging).
"""
