"""Mobile applications that stay signed in: how long each of their tokens lives, and who may have them."""

from datetime import datetime, timedelta

ACCESS_LIFE = timedelta(minutes=15)
"""How long the token of each request lives; the edge forgets a dead one within half a second anyway."""
SILENCE = timedelta(days=90)
"""« À partir de 3 mois » without a refresh, the application signs in again (S0:126)."""
FRESH = timedelta(minutes=10)
"""How soon after signing in an application asks to stay: later, somebody may have found a session left open."""


def may_stay(*, signed_in_at: datetime, stays: bool, now: datetime) -> bool:
    """Whether a session may become an application's that stays signed in."""
    return not stays and now - signed_in_at <= FRESH
