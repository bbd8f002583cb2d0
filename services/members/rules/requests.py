"""A portability that a member declares (S4:150-168): its life, what is shown of it, what can be done, and how its length was found."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from chassis.labels import _
from services.members.lifecycle import Halt, Status
from services.members.rules import portability
from services.members.rules.motives import Motives, Outcome
from services.members.rules.radiations import BEFORE_START, UNKNOWN_MOTIVE, Flaw, offered
from services.members.rules.reasons import day


class Answer(StrEnum):
    """What was answered to the declaration; where it stands for the member is a :class:`State`."""

    OPEN = "open"
    PROOF_REFUSED = "proof_refused"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What can be done with a declaration."""

    JOIN = "join"
    WITHDRAW = "withdraw"
    REFUSE_PROOF = "refuse_proof"
    REFUSE = "refuse"


DECLARABLE = (Status.ACTIVE, Status.PORTABILITY_PENDING)
"""Rights whose end may still be declared."""
LIVE = (Answer.OPEN, Answer.PROOF_REFUSED)
MOVES = {
    (Verb.JOIN, Answer.OPEN): Answer.OPEN,
    (Verb.JOIN, Answer.PROOF_REFUSED): Answer.OPEN,
    (Verb.JOIN, Answer.ACCEPTED): Answer.ACCEPTED,
    (Verb.WITHDRAW, Answer.OPEN): Answer.WITHDRAWN,
    (Verb.WITHDRAW, Answer.PROOF_REFUSED): Answer.WITHDRAWN,
    (Verb.REFUSE_PROOF, Answer.OPEN): Answer.PROOF_REFUSED,
    (Verb.REFUSE_PROOF, Answer.ACCEPTED): Answer.ACCEPTED,
    (Verb.REFUSE, Answer.OPEN): Answer.REFUSED,
    (Verb.REFUSE, Answer.PROOF_REFUSED): Answer.REFUSED,
}
"""Verb and answer before → answer after. Proofs are asked for at the opening and during: they may still come, or be refused, once it is
granted."""
BUTTONS = {
    "member": {Verb.JOIN: _("Joindre un justificatif"), Verb.WITHDRAW: _("Retirer ma déclaration")},
    "caseworker": {Verb.REFUSE_PROOF: _("Refuser le justificatif"), Verb.REFUSE: _("Refuser la demande")},
}


class State(StrEnum):
    """Where the declaration stands, as the member reads it: its key, and its label."""

    label: str

    def __new__(cls, value: str, label: str) -> "State":
        state = str.__new__(cls, value)
        state._value_, state.label = value, label
        return state

    RECEIVED = "received", _("Demande reçue")
    AWAITING_DSN = "awaiting_dsn", _("En attente de la DSN de votre employeur")
    AWAITING_EMPLOYER = "awaiting_employer", _("En attente de la déclaration de votre employeur")
    PROOF_EXPECTED = "proof_expected", _("Pièce attendue")
    GRANTED = "granted", _("Accordée")
    REFUSED = "refused", _("Refusée")
    ENDED = "ended", _("Terminée")
    WITHDRAWN = "withdrawn", _("Retirée")


CLOSED = frozenset({State.REFUSED, State.ENDED, State.WITHDRAWN})
"""Nothing more can be done."""


class PieceState(StrEnum):
    """Where a document stands: the same words as the document service's."""

    QUARANTINE = "quarantine"
    RELEASED = "released"
    REFUSED = "refused"


PIECE_LABELS = {
    PieceState.QUARANTINE: _("En cours de vérification"),
    PieceState.RELEASED: _("Reçue"),
    PieceState.REFUSED: _("Refusée"),
}
TOO_FAR_AHEAD = _("La fin du contrat est trop lointaine : déclarez-la au plus {days} jours avant, donc à partir du {day}.")
TOO_FAR_BACK = _("Cette fin de contrat remonte à plus de {days} jours : écrivez-nous.")
ANOTHER_DAY = _("Vous aviez déclaré le {declared} ; votre employeur a déclaré le {told} : sa date est retenue.")
HOW_LONG = _(
    "La portabilité dure autant que le contrat de travail, un mois commencé comptant pour un mois, et douze mois au plus (article L911-8 du"
    " code de la sécurité sociale). {what}"
)
COUNTED = _("Pour vous : {months} mois, jusqu'au {day}, si l'assurance chômage vous indemnise.")
FORESEEN = _("D'après ce que vous déclarez : {months} mois, jusqu'au {day}. Votre employeur doit encore déclarer la fin du contrat.")


class Terms(Protocol):
    """What a brand allows, in days."""

    @property
    def most_days_ahead(self) -> int: ...
    @property
    def most_days_back(self) -> int: ...


@dataclass(frozen=True)
class Ground:
    """The rights that a declaration is about, as far as they decide on it."""

    status: Status
    starts_on: date
    ends_on: date | None
    months: int | None
    portability_ends_on: date | None
    emits_dsn: bool
    halt: Halt | None = None


def state(answer: Answer, ground: Ground, pieces: Collection[PieceState]) -> State:
    """Where a declaration stands, given where the rights stand and what became of its documents."""
    if answer in (Answer.WITHDRAWN, Answer.REFUSED):
        return State(answer.value)  # type: ignore[call-arg]  # an enum looked up by its value
    match ground.status:
        case Status.ACTIVE:
            return State.AWAITING_DSN if ground.emits_dsn else State.AWAITING_EMPLOYER
        case Status.PORTABILITY:
            return State.GRANTED
        case Status.ENDED if ground.halt is Halt.PROOF_MISSING:
            return State.PROOF_EXPECTED
        case Status.ENDED:
            return State.ENDED if answer is Answer.ACCEPTED else State.REFUSED
    usable = any(piece is not PieceState.REFUSED for piece in pieces)
    return State.RECEIVED if answer is Answer.OPEN and usable else State.PROOF_EXPECTED


def possible(answer: Answer, shown: State, side: str) -> list[Verb]:
    """What one side may do."""
    return [] if shown in CLOSED else [verb for verb in BUTTONS[side] if (verb, answer) in MOVES]


def flaws(ground: Ground, ended_on: date, motive: str, terms: Terms, today: date, table: Motives) -> Iterator[Flaw]:
    """What is wrong with a declared end; ``table`` is what motives mean in the brand."""
    if ended_on < ground.starts_on:
        yield "ended_on", BEFORE_START.format(day=day(ground.starts_on))
    elif ended_on > today + timedelta(days=terms.most_days_ahead):
        first = ended_on - timedelta(days=terms.most_days_ahead)
        yield "ended_on", TOO_FAR_AHEAD.format(days=terms.most_days_ahead, day=day(first))
    elif ended_on < today - timedelta(days=terms.most_days_back):
        yield "ended_on", TOO_FAR_BACK.format(days=terms.most_days_back)
    why = offered(table).get(motive)
    if why is None:
        yield "motive", UNKNOWN_MOTIVE
    elif why.outcome in (Outcome.EXCLUDED, Outcome.OTHER_DUTY):
        yield "motive", why.follows


def length(ground: Ground, declared_end: date) -> str:
    """How the length was found, or what it will be if the employer says the same."""
    if ground.months and ground.portability_ends_on:
        counted, months, last = COUNTED, ground.months, ground.portability_ends_on
    else:
        months = portability.length(ground.starts_on, declared_end)
        counted, last = FORESEEN, portability.last_day(declared_end, months)
    return HOW_LONG.format(what=counted.format(months=months, day=day(last)))


def difference(declared_end: date, told_end: date | None) -> str | None:
    """That the employer's day is another than the member's, and wins."""
    if told_end is None or told_end == declared_end:
        return None
    return ANOTHER_DAY.format(declared=day(declared_end), told=day(told_end))
