"""Messaging: what the platform says to people, by e-mail, by SMS and by post.

Owns: contacts (who is reachable where), notices and their attempts, the bell of members and employers, what changed for a company's
employees, conversations, caught messages of the demo.
Tells: ``messaging.notice_handed_over``.
Listens to: codes, links, accounts, consents and copies (identity), companies and habilitations (employers), persons
and rights (members), affiliations (affiliation).
"""
