"""Identity: who people are, and how each of their requests proves it.

Owns   accounts, passwords, second factor, trusted devices, sessions, links and codes, invitations, consents,
       the providers that open accounts, the signing key.
Tells  accounts activated, changed and deleted, codes, links and invitations issued, consents, providers tied,
       copies of one's data asked and ready.
Hears  members.person_registered, employers.activation_requested, employers.habilitation_*, employers.invitation_*, affiliation.* (an
       applicant's access), documents.released (an archive is ready).
"""
