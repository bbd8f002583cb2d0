"""One move of an affiliation, whoever makes it: the state, what the database keeps unique, the history, the audit trail, the letter."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from chassis.labels import _
from events.affiliation import Relaunched
from events.fact import Sealed, seal
from services.affiliation.config import Work
from services.affiliation.errors import AlreadyAffiliated
from services.affiliation.lifecycle import Verb
from services.affiliation.models import Affiliation, Move
from services.affiliation.rules import next_reminder

ONLY_ONE = {
    "uq_affiliation_one_journey": _(
        "Une affiliation est déjà en cours pour ce salarié et ce contrat : relancez-la, ou abandonnez-la avant d'en ouvrir une autre. "
        "S'il s'agit d'un homonyme, indiquez sa date de naissance."
    ),
    "uq_affiliation_one_period": _("Ce salarié est déjà affilié à ce contrat à partir de la même date."),
}
"""What each partial unique index says when it refuses."""


def advance(work: Work, affiliation: Affiliation, verb: Verb, *, medium: str | None = None, reason: str | None = None) -> None:
    """Do ``verb``, dated, and write it in the history. Raises ``ForbiddenTransition`` or ``AlreadyAffiliated``."""
    move = _moved(work, affiliation, verb, medium, reason)
    _write(work, [affiliation])
    work.session.add(move)


def advance_all(work: Work, born: Iterable[Affiliation], verb: Verb) -> None:
    """Do ``verb`` for many at once, each by its own medium. Raises ``AlreadyAffiliated`` for the first that the database refuses."""
    affiliations = list(born)
    moves = [_moved(work, affiliation, verb, affiliation.medium, None) for affiliation in affiliations]
    _write(work, affiliations)
    work.session.add_all(moves)


def send_again(work: Work, affiliation: Affiliation, verb: Verb) -> None:
    """Let the form leave once more, by what reaches the person today: a new link kills the older, and silence is counted anew."""
    rule = work.brand.own.relaunch
    affiliation.wait(work.now, work.brand.own.expiry_days)
    affiliation.remind_at = next_reminder(affiliation.sent_at, rule.automatic_days, work.now + timedelta(hours=rule.every_hours))
    advance(work, affiliation, verb, medium=affiliation.reached_by[0])
    work.emit(Relaunched(**letter(affiliation)))


def letter(affiliation: Affiliation) -> dict[str, Any]:
    """What Sent and Relaunched say alike: whom the form is for, and the one address it goes to."""
    medium, to = affiliation.reached_by
    return {
        "affiliation_id": affiliation.id,
        "siren": affiliation.siren,
        "siret": affiliation.siret,
        "medium": medium,
        "establishment_name": affiliation.establishment_name,
        "first_name": Sealed(affiliation.first_name),
        "last_name": Sealed(affiliation.last_name),
        "email": seal(to if medium == "email" else None),
        "address": seal(to if medium == "post" else None),
    }


def _moved(work: Work, affiliation: Affiliation, verb: Verb, medium: str | None, reason: str | None) -> Move:
    left = affiliation.move(verb, work.now, work.today)
    work.audit(f"affiliation.{verb}", f"affiliation:{affiliation.id}", left=left, reached=affiliation.status)
    return Move(
        affiliation_id=affiliation.id,
        verb=verb,
        left=left,
        reached=affiliation.status,
        at=work.now,
        moved_on=work.today,
        by=work.actor.kind,
        account_id=work.actor.account_id,
        medium=medium,
        reason=reason,
    )


def _write(work: Work, affiliations: Iterable[Affiliation]) -> None:
    try:
        work.session.add_all(affiliations)
        work.session.flush()
    except IntegrityError as error:
        sentence = ONLY_ONE.get(getattr(getattr(error.orig, "diag", None), "constraint_name", None) or "")
        if sentence is None:
            raise
        raise AlreadyAffiliated(sentence) from None
