"""How often one may try: limits as tables, and the one function that reads them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)


class Limit(NamedTuple):
    """At most ``most`` times in any stretch of time as long as ``within``."""

    most: int
    within: timedelta


ASKING = (Limit(1, timedelta(seconds=60)), Limit(5, timedelta(minutes=15)), Limit(10, DAY))
"""Asking for a code with one e-mail address, whoever answers to it."""
RESENDING = (Limit(1, timedelta(seconds=60)), Limit(5, timedelta(minutes=15)))
"""Having the code of one sign-in sent again."""
SENDING = (Limit(5, timedelta(minutes=15)),)
"""Sending codes of one purpose to one number or address."""
SENDING_AT_ALL = (Limit(10, DAY),)
"""Sending codes to one number or address, whatever for: nobody's telephone becomes a toy, nobody's budget a target."""
PASSWORDS = (Limit(10, DAY),)
"""Wrong passwords for one account from strangers (CNIL 2022-100: at most ten tries)."""
SECOND_FACTORS = (Limit(10, DAY),)
"""Wrong second factors of one account."""
WRONG_CODES = (Limit(10, DAY),)
"""Wrong codes of all the activations of one e-mail or company, and of all the returns of one e-mail: a new code gives no new tries."""
LINKS = (Limit(20, timedelta(hours=1)),)
"""Wrong links or letter codes from one address."""
OPENINGS_FROM = (Limit(10, timedelta(hours=1)),)
"""Forms that open a space, from one network: a family fills a few, whoever tries contract numbers many."""
OPENINGS_OF = (Limit(5, DAY),)
"""Forms that name one contract with one name, or with one birth date."""
CHECKS = (Limit(60, timedelta(minutes=1)), Limit(600, timedelta(hours=1)))
"""Passwords that one address has checked while they are typed."""
VISITS = (Limit(200, timedelta(hours=1)),)
"""Requests for codes from one address: an office shares one, a robot wants more."""
CODE_TRIES = 5
"""Tries for one code, whoever tries."""
ENROLMENT_TRIES = 10
"""Codes that a caseworker may try in a day to enrol the application of their second factor."""
LONGEST = DAY


def wait_before(past: Sequence[datetime], now: datetime, limits: Sequence[Limit]) -> timedelta:
    """How long until one more try is allowed, after those of ``past``; zero when it is allowed now."""
    return max((_wait(sorted(past), now, limit) for limit in limits), default=timedelta(0))


def _wait(past: Sequence[datetime], now: datetime, limit: Limit) -> timedelta:
    recent = [at for at in past if now - at < limit.within]
    if len(recent) < limit.most:
        return timedelta(0)
    return recent[-limit.most] + limit.within - now
