"""Identity: who people are, and how each of their requests proves it.

Owns   accounts, passwords, second factor, trusted devices, sessions, links and codes, invitations, consents to terms, the signing key.
Tells  identity.account_activated, identity.phone_enrolled, identity.code_issued, identity.link_issued.
Hears  members.person_registered, employers.activation_requested, employers.habilitation_*, employers.invitation_*,
       affiliation.* (an applicant's access).
"""
