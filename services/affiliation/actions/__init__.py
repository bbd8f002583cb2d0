"""What one can do to an affiliation.

``declarations``, ``follow_up`` and ``reminders`` are the employer's and the delays', ``journey`` and ``paper`` the person's, ``known`` what
other services tell.
"""
