"""Employers: the companies of the portfolio and who may act for them.

I own companies, their establishments, their identifiers, activation requests and habilitations.
I tell companies and establishments registered, activations to prove, habilitations granted and revoked.
I listen to identity: an activated employer account becomes its company's administrator.
"""
