"""Employers: the companies of the portfolio and who may act for them.

I own companies, their establishments, their identifiers, activation requests, habilitations, invitations, acts that two people do.
I tell companies and establishments registered, activations to prove, invitations sent, habilitations granted and revoked.
I listen to identity: an account that was opened gets its company or what it was invited to, and follows its e-mail and its end.
"""
