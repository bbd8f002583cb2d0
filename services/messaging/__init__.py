"""Messaging: what the platform says to people, by e-mail, by SMS and by post.

Owns: contacts (who is reachable where), notices and their attempts, the bell of members and employers, what changed for a company's
employees, conversations, caught messages of the demo.
Tells: notices handed over or not delivered, answers in a conversation, whose conversation was opened.
Listens to: codes, links, accounts, consents and copies (identity), companies and habilitations (employers), persons
and rights (members), affiliations (affiliation), files (documents).
"""
