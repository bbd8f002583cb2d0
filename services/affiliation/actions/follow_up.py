"""What the employer does once the form has left (S1:230-249), and the delay in her place: relaunch, abandon."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis import openings
from chassis.labels import _
from chassis.work import PARIS
from events import affiliation as told
from services.affiliation import access, rules
from services.affiliation.actions.moves import advance, send_again
from services.affiliation.config import Work
from services.affiliation.errors import AbandonReserved, NoRelaunchLeft, TooSoonToRelaunch
from services.affiliation.lifecycle import Verb, after, done
from services.affiliation.models import Affiliation

POSSIBLE_AT = _("La prochaine relance sera possible le {at:%d/%m/%Y} à {at:%H h %M}.")
RELAUNCHED_ENOUGH = _("{most} relances ont été envoyées : c'est le maximum. Contactez directement votre salarié.")
ONLY_SILENCE = _("Elle s'éteindra d'elle-même après {days} jours sans réponse du salarié.")
EXPIRED_AT_ONCE = 100
"""How many journeys one transaction of the timer ends."""


def consult(work: Work, affiliation_id: UUID, what: str = "affiliation") -> Affiliation:
    """One affiliation, or its ``bulletin``, to be read; the person will see that somebody did. Raises ``NotFound``."""
    affiliation = access.affiliation(work, affiliation_id)
    about = f"{access.APPLICANT}{affiliation.id}"
    work.audit(f"{what}.read", about)
    openings.told(work.for_brand(affiliation.brand), told.AffiliationOpened, about, what, affiliation.siren)
    return affiliation


def relaunch(work: Work, affiliation_id: UUID) -> Affiliation:
    """Remind an employee who has not answered (S1:249), by what reaches him today. Raises ``TooSoonToRelaunch`` or ``NoRelaunchLeft``."""
    affiliation = access.affiliation(work, affiliation_id, to_change=True)
    after(affiliation.status, Verb.RELAUNCH)
    _refuse_haste(work, affiliation)
    send_again(work, affiliation, Verb.RELAUNCH)
    return affiliation


def abandon(work: Work, affiliation_id: UUID, reason: str) -> Affiliation:
    """Interrupt a journey; a new one starts from the beginning (S1:247). ``reason`` stays in the history. Raises ``AbandonReserved``."""
    affiliation = access.affiliation(work, affiliation_id, to_change=True)
    if done(affiliation.status, Verb.ABANDON):
        return affiliation
    branded = work.for_brand(affiliation.brand)
    if Verb.ABANDON in access.kept_verbs(work, affiliation):
        raise AbandonReserved(ONLY_SILENCE.format(days=branded.brand.own.expiry_days))
    _abandon(branded, affiliation, work.actor.kind, reason)
    return affiliation


def expire(work: Work) -> int:
    """Interrupt the journeys whose person stayed silent for the brand's delay; returns how many."""
    found = access.expired(work, EXPIRED_AT_ONCE)
    for affiliation in found:
        _abandon(work.for_brand(affiliation.brand), affiliation, "timer", None)
    return len(found)


def _abandon(work: Work, affiliation: Affiliation, by: Any, reason: str | None) -> None:
    advance(work, affiliation, Verb.ABANDON, reason=reason)
    work.emit(told.Abandoned(affiliation_id=affiliation.id, siren=affiliation.siren, siret=affiliation.siret, by=by))


def _refuse_haste(work: Work, affiliation: Affiliation) -> None:
    rule = work.brand.own.relaunch
    count, last = access.relaunches(work, affiliation)
    if count >= rule.most:
        raise NoRelaunchLeft(RELAUNCHED_ENOUGH.format(most=rule.most))
    possible_at: datetime | None = rules.relaunch_allowed_at(last, rule.every_hours, work.now)
    if possible_at:
        raise TooSoonToRelaunch(POSSIBLE_AT.format(at=possible_at.astimezone(PARIS)), possible_at=possible_at.isoformat())
