"""The affiliation of an employee, from the employer's declaration to the complete form (S1:200-249).

I own: the journey sent → started → finalised → abandoned, the form's draft, which pieces it needs, the follow-up, the reminders.
I tell: affiliation.sent, relaunched, started, contact_given, finalised, abandoned.
I listen to: employers (establishments), members (contracts), documents (pieces), messaging (what was handed over).
"""
