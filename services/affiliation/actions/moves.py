"""One move of an affiliation, whoever makes it: the state, what the database keeps unique, the history, the audit trail, the letter."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from chassis.database import lay_down
from chassis.labels import _
from events.affiliation import Relaunched
from events.fact import Sealed, seal
from services.affiliation.config import Work
from services.affiliation.errors import AlreadyAffiliated
from services.affiliation.lifecycle import State, Verb, after
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
    left = affiliation.move(verb, work.now, work.today)
    move = Move(**_move(work, affiliation.id, verb, left, affiliation.status), medium=medium, reason=reason)
    with _only_one():
        work.session.flush()
    work.session.add(move)


def be_born(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Write new affiliations, each sent by its own medium, in one statement a table. Raises ``AlreadyAffiliated`` for the first that the
    database refuses.

    Two files at the same instant take their places in the same order, so that one waits for the other and not both for each other.
    """
    target = after(None, Verb.PRE_AFFILIATE)
    with _only_one():
        lay_down(work.session, Affiliation.__table__, sorted(rows, key=_place))
    moves = [_move(work, row["id"], Verb.PRE_AFFILIATE, None, target) | {"medium": row["medium"]} for row in rows]
    lay_down(work.session, Move.__table__, moves)


def send_again(work: Work, affiliation: Affiliation, verb: Verb) -> None:
    """Let the form leave once more, by what reaches the person today: a new link kills the older, and silence is counted anew."""
    rule = work.brand.own.relaunch
    affiliation.wait(work.now, work.brand.own.expiry_days)
    affiliation.remind_at = next_reminder(affiliation.sent_at, rule.automatic_days, work.now + timedelta(hours=rule.every_hours))
    medium, to = affiliation.reached_by
    advance(work, affiliation, verb, medium=medium)
    work.emit(Relaunched(**letter({name: getattr(affiliation, name) for name in NAMED}, medium, to)))


NAMED = ("id", "siren", "siret", "establishment_name", "first_name", "last_name")
"""What a letter says of an affiliation."""


def letter(named: Mapping[str, Any], medium: str, to: str) -> dict[str, Any]:
    """What Sent and Relaunched say alike: whom the form is for, and the one address it goes to."""
    return {
        "affiliation_id": named["id"],
        "siren": named["siren"],
        "siret": named["siret"],
        "medium": medium,
        "establishment_name": named["establishment_name"],
        "first_name": Sealed(named["first_name"]),
        "last_name": Sealed(named["last_name"]),
        "email": seal(to if medium == "email" else None),
        "address": seal(to if medium == "post" else None),
    }


def _move(work: Work, affiliation_id: UUID, verb: Verb, left: State | None, reached: State) -> dict[str, Any]:
    """A line of the history, with the one it leaves in the audit trail."""
    work.audit(f"affiliation.{verb}", f"affiliation:{affiliation_id}", left=left, reached=reached)
    return {
        "affiliation_id": affiliation_id,
        "verb": verb,
        "left": left,
        "reached": reached,
        "at": work.now,
        "moved_on": work.today,
        "by": work.actor.kind,
        "account_id": work.actor.account_id,
    }


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["siret"], row["contract_reference"], row["person_key"], row["birth_on"] or date.min, row["starts_on"]


@contextmanager
def _only_one() -> Iterator[None]:
    """Tell what a partial unique index refuses. Raises ``AlreadyAffiliated``."""
    try:
        yield
    except IntegrityError as error:
        sentence = ONLY_ONE.get(getattr(getattr(error.orig, "diag", None), "constraint_name", None) or "")
        if sentence is None:
            raise
        raise AlreadyAffiliated(sentence) from None
