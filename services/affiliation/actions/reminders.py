"""What keeps a form on its way to its person: reminders by the calendar, pauses, another address, what comes back undelivered."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chassis.labels import _
from chassis.problems import Invalid
from services.affiliation import access
from services.affiliation.actions.moves import advance, send_again
from services.affiliation.config import Work
from services.affiliation.lifecycle import Verb, after
from services.affiliation.models import Affiliation

REMINDED_AT_ONCE = 100
"""How many reminders one transaction of the timer sends."""
PAUSE_PAST = _("La pause doit durer au moins jusqu'à demain.")
PAUSE_TOO_LONG = _("Une pause dure {most} jours au plus.")
NOWHERE = _("Indiquez une adresse e-mail ou une adresse postale.")


def remind(work: Work) -> int:
    """Remind the people whose day has come and whom nobody asked to leave alone; returns how many."""
    found = access.to_remind(work, REMINDED_AT_ONCE)
    for affiliation in found:
        send_again(work.for_brand(affiliation.brand), affiliation, Verb.REMIND)
    return len(found)


def pause(work: Work, affiliation_id: UUID, until: date, reason: str) -> Affiliation:
    """Leave somebody alone up to and including a day; ``reason`` stays in the history. Raises ``Invalid``."""
    affiliation = access.affiliation(work, affiliation_id, to_change=True)
    most = work.for_brand(affiliation.brand).brand.own.relaunch.most_pause_days
    if until <= work.today:
        raise Invalid.at("until_on", PAUSE_PAST)
    if until > work.today + timedelta(days=most):
        raise Invalid.at("until_on", PAUSE_TOO_LONG.format(most=most))
    affiliation.paused_until = until
    advance(work, affiliation, Verb.PAUSE, reason=reason)
    return affiliation


def resume(work: Work, affiliation_id: UUID) -> Affiliation:
    """End a pause; reminders whose day went by meanwhile leave with the next turn of the timer."""
    affiliation = access.affiliation(work, affiliation_id, to_change=True)
    affiliation.paused_until = None
    advance(work, affiliation, Verb.RESUME)
    return affiliation


def resend(work: Work, affiliation_id: UUID, contact: dict[str, Any]) -> Affiliation:
    """Send the form to another address, or by the other medium; the older link is worth nothing any more. Raises ``Invalid``."""
    affiliation = access.affiliation(work, affiliation_id, to_change=True)
    after(affiliation.status, Verb.RESEND)
    if not (contact.get("email") or contact.get("address")):
        raise Invalid.at("email", NOWHERE)
    affiliation.send_to(contact.get("email"), contact.get("address"))
    send_again(work.for_brand(affiliation.brand), affiliation, Verb.RESEND)
    return affiliation


def report_undelivered(work: Work, affiliation_id: UUID, reason: str) -> Affiliation:
    """What a caseworker sees of a letter that came back. The form leaves again by the other medium when one is known."""
    affiliation = access.affiliation(work, affiliation_id, to_change=True)
    _undelivered(work, affiliation, "post", reason)
    return affiliation


def learn_undelivered(work: Work, affiliation_id: UUID, channel: str) -> None:
    """What messaging says of a mail that no mailbox takes. Of a channel that is no longer the one in use, nothing is to be done."""
    affiliation = access.affiliation_to_tell(work, affiliation_id)
    if affiliation is not None and affiliation.awaits_somebody and affiliation.reached_by[0] == channel:
        _undelivered(work, affiliation, channel, None)


def _undelivered(work: Work, affiliation: Affiliation, channel: str, reason: str | None) -> None:
    advance(work, affiliation, Verb.REPORT_UNDELIVERED, medium=channel, reason=reason)
    if affiliation.reached_by[0] != channel:  # it came back after the form had left another way
        return
    affiliation.undelivered_at = work.now
    if affiliation.turn_away_from(channel):
        send_again(work.for_brand(affiliation.brand), affiliation, Verb.RESEND)
