"""The life of rights: active → portability pending → portability → ended, with their French labels and what each move is called.

No verb of a person moves rights: a fold of facts does (architecture §2.8), so that a correction may lead from any status to any other.
"""

from enum import StrEnum

from chassis.labels import _


class Status(StrEnum):
    """Where rights stand."""

    ACTIVE = "active"
    PORTABILITY_PENDING = "portability_pending"
    PORTABILITY = "portability"
    ENDED = "ended"


class Move(StrEnum):
    """What happened to rights, as their history words it."""

    OPEN = "open"
    RADIATE = "radiate"
    AWAIT_PROOF = "await_proof"
    PROVE = "prove"
    LAPSE = "lapse"
    REOPEN = "reopen"
    KEEP = "keep"
    CORRECT = "correct"


class Halt(StrEnum):
    """Why a portability stopped before its term (CSS L911-8): its conditions ended, or nobody proved any more that they held."""

    BENEFIT_ENDED = "benefit_ended"
    PROOF_MISSING = "proof_missing"


LABELS = {
    Status.ACTIVE: _("Droits ouverts"),
    Status.PORTABILITY_PENDING: _("Portabilité en attente de justificatif"),
    Status.PORTABILITY: _("Portabilité"),
    Status.ENDED: _("Droits fermés"),
}

MOVE_LABELS = {
    Move.OPEN: _("Ouverture des droits"),
    Move.RADIATE: _("Radiation"),
    Move.AWAIT_PROOF: _("Portabilité proposée"),
    Move.PROVE: _("Portabilité accordée"),
    Move.LAPSE: _("Fin de la portabilité"),
    Move.REOPEN: _("Réouverture des droits"),
    Move.KEEP: _("Maintien des droits"),
    Move.CORRECT: _("Correction"),
}

MOVES = {
    (Status.ACTIVE, Status.ACTIVE): Move.KEEP,
    (Status.ACTIVE, Status.PORTABILITY_PENDING): Move.AWAIT_PROOF,
    (Status.ACTIVE, Status.PORTABILITY): Move.PROVE,
    (Status.ACTIVE, Status.ENDED): Move.RADIATE,
    (Status.PORTABILITY_PENDING, Status.ACTIVE): Move.REOPEN,
    (Status.PORTABILITY_PENDING, Status.PORTABILITY): Move.PROVE,
    (Status.PORTABILITY_PENDING, Status.ENDED): Move.RADIATE,
    (Status.PORTABILITY, Status.ACTIVE): Move.REOPEN,
    (Status.PORTABILITY, Status.PORTABILITY_PENDING): Move.CORRECT,
    (Status.PORTABILITY, Status.ENDED): Move.LAPSE,
    (Status.ENDED, Status.ACTIVE): Move.REOPEN,
    (Status.ENDED, Status.PORTABILITY_PENDING): Move.CORRECT,
    (Status.ENDED, Status.PORTABILITY): Move.CORRECT,
}
"""What leads from one status to another; otherwise within one status (another date, another motive) it is a correction."""

FILTERS = {
    "active": (Status.ACTIVE,),
    "portability": (Status.PORTABILITY_PENDING, Status.PORTABILITY),
    "ended": (Status.ENDED,),
    "all": tuple(Status),
}
"""How an employer's list may be narrowed (S1:178, active by default)."""


def move(before: Status, after: Status) -> Move:
    """What the change from one status to another is called."""
    return MOVES.get((before, after), Move.CORRECT)
