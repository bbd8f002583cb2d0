"""A habilitation from its invitation to its end (S1:136-146): its states, what moves it, and the buttons of an administrator.

Everything derives from the tables below: the refusals, the buttons of the API, the exhaustive tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chassis.labels import _
from services.employers.errors import ForbiddenTransition


class State(StrEnum):
    """A state: its key, and its label."""

    label: str

    def __new__(cls, value: str, label: str) -> "State":
        state = str.__new__(cls, value)
        state._value_, state.label = value, label
        return state

    REQUESTED = "requested", _("À approuver")
    INVITED = "invited", _("Invité")
    EXPIRED = "expired", _("Invitation expirée")
    ACTIVE = "active", _("Actif")
    SUSPENDED = "suspended", _("Suspendu")
    REVOKED = "revoked", _("Retiré")


class Verb(StrEnum):
    """What can be done to a habilitation."""

    REQUEST = "request"
    INVITE = "invite"
    GRANT = "grant"
    ACCEPT = "accept"
    APPROVE = "approve"
    RESEND = "resend"
    EDIT = "edit"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    REVOKE = "revoke"


@dataclass(frozen=True)
class Transition:
    """One line of the table. ``origin`` is ``None`` for what is born."""

    verb: Verb
    label: str
    origin: State | None
    target: State


TRANSITIONS = (
    Transition(Verb.REQUEST, _("Demandez l'accès"), None, State.REQUESTED),
    Transition(Verb.INVITE, _("Invitez un utilisateur"), None, State.INVITED),
    Transition(Verb.GRANT, _("Accordez l'accès"), None, State.ACTIVE),
    Transition(Verb.APPROVE, _("Approuvez la demande"), State.REQUESTED, State.ACTIVE),
    Transition(Verb.ACCEPT, _("Acceptez l'invitation"), State.INVITED, State.ACTIVE),
    Transition(Verb.ACCEPT, _("Acceptez l'invitation"), State.EXPIRED, State.ACTIVE),
    Transition(Verb.RESEND, _("Renvoyez le lien"), State.INVITED, State.INVITED),
    Transition(Verb.RESEND, _("Renvoyez le lien"), State.EXPIRED, State.INVITED),
    Transition(Verb.EDIT, _("Modifiez le profil"), State.INVITED, State.INVITED),
    Transition(Verb.EDIT, _("Modifiez le profil"), State.ACTIVE, State.ACTIVE),
    Transition(Verb.EDIT, _("Modifiez le profil"), State.SUSPENDED, State.SUSPENDED),
    Transition(Verb.SUSPEND, _("Suspendez l'accès"), State.ACTIVE, State.SUSPENDED),
    Transition(Verb.SUSPEND, _("Suspendez l'accès"), State.SUSPENDED, State.SUSPENDED),
    Transition(Verb.REACTIVATE, _("Réactivez l'accès"), State.SUSPENDED, State.ACTIVE),
    Transition(Verb.REVOKE, _("Refusez la demande"), State.REQUESTED, State.REVOKED),
    Transition(Verb.REVOKE, _("Retirez l'invitation"), State.INVITED, State.REVOKED),
    Transition(Verb.REVOKE, _("Retirez l'invitation"), State.EXPIRED, State.REVOKED),
    Transition(Verb.REVOKE, _("Retirez l'accès"), State.ACTIVE, State.REVOKED),
    Transition(Verb.REVOKE, _("Retirez l'accès"), State.SUSPENDED, State.REVOKED),
)
"""An expired invitation is accepted when its link was followed in time and the news came late: identity holds the link, and decides."""

OF_ADMINISTRATORS = frozenset({Verb.APPROVE, Verb.RESEND, Verb.EDIT, Verb.SUSPEND, Verb.REACTIVATE, Verb.REVOKE})
STORED = tuple(state for state in State if state is not State.EXPIRED)
"""What a row says; that an invitation has expired is read from its date."""
STATES = {state.value: state for state in State}

_NEXT = {(transition.origin, transition.verb): transition for transition in TRANSITIONS}


def after(state: State | None, verb: Verb) -> State:
    """The state that ``verb`` leads to (``None`` is what does not exist yet). Raises ``ForbiddenTransition``, naming the state."""
    transition = _NEXT.get((state, verb))
    if transition is None:
        raise ForbiddenTransition(
            _("Cette habilitation est dans l'état « {state} ».").format(state=state.label if state else ""), state=state
        )
    return transition.target


def possible(state: State) -> Iterator[Transition]:
    """What an administrator may do now, in the order of the table: the buttons of a screen."""
    return (line for line in TRANSITIONS if line.origin == state and line.verb in OF_ADMINISTRATORS)
