"""One move of an affiliation, whoever makes it: the state, the uniqueness that the database keeps, the history, the audit trail."""

from sqlalchemy.exc import IntegrityError

from chassis.labels import _
from services.affiliation.config import Work
from services.affiliation.errors import AlreadyAffiliated
from services.affiliation.lifecycle import Verb
from services.affiliation.models import Affiliation, Move

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
    left = affiliation.move(verb, work.now, work.today)
    _write(work, affiliation)
    move = Move(
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
    work.session.add(move)
    work.audit(f"affiliation.{verb}", f"affiliation:{affiliation.id}", left=left, reached=affiliation.status)


def _write(work: Work, affiliation: Affiliation) -> None:
    try:
        work.session.add(affiliation)
        work.session.flush()
    except IntegrityError as error:
        sentence = ONLY_ONE.get(getattr(getattr(error.orig, "diag", None), "constraint_name", None) or "")
        if sentence is None:
            raise
        raise AlreadyAffiliated(sentence) from None
