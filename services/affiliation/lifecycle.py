"""The journey of an affiliation: its states as the guide words them (S1:244-247), what moves it, who may, and its picture.

Everything derives from the tables below: the refusals, the buttons of the API, docs/lifecycle.md, the exhaustive tests.
After a change: ``make pages``.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from chassis.labels import _
from services.affiliation.errors import ForbiddenTransition


class State(StrEnum):
    """A state: its key, its label word for word from the guide, and what the guide says of it (without the name of a brand)."""

    label: str
    meaning: str

    def __new__(cls, value: str, label: str, meaning: str) -> "State":
        state = str.__new__(cls, value)
        state._value_, state.label, state.meaning = value, label, meaning
        return state

    SENT = "sent", _("Envoyé à l'employé"), _("l'email ou le courrier a été envoyé")
    STARTED = "started", _("Démarré par le salarié"), _("le salarié a débuté son affiliation en ligne et a enregistré un brouillon")
    FINALISED = "finalised", _("Finalisé par le salarié"), _("le BIA complété dématérialisé ou papier a été retourné")
    ABANDONED = "abandoned", _("Abandonné"), _("le parcours du salarié a été interrompu")


class Verb(StrEnum):
    """What can be done to an affiliation."""

    PRE_AFFILIATE = "pre_affiliate"
    START = "start"
    SAVE_DRAFT = "save_draft"
    RELAUNCH = "relaunch"
    RESEND = "resend"
    REMIND = "remind"
    PAUSE = "pause"
    RESUME = "resume"
    REPORT_UNDELIVERED = "report_undelivered"
    FINALISE = "finalise"
    RECEIVE_PAPER = "receive_paper"
    ABANDON = "abandon"
    RESTART = "restart"


class Opening(StrEnum):
    """What a state leaves open, beside its verbs."""

    JOURNEY = "journey"
    """Somebody is awaited: the journey expires, and it is the only one of this person for this contract."""
    FORM = "form"
    """The person fills the form in and joins pieces."""
    PERIOD = "period"
    """The period is taken: no second affiliation of this person to this contract with the same first day."""


@dataclass(frozen=True)
class Transition:
    """One line of the table. ``origin`` is ``None`` for what is born; ``event`` is ``None`` for what nobody else needs to know."""

    verb: Verb
    label: str
    origin: State | None
    target: State
    event: str | None


def _while_awaited(verb: Verb, label: str, event: str | None) -> tuple[Transition, ...]:
    """What can be done as long as somebody is awaited, and moves nothing."""
    return tuple(Transition(verb, label, state, state, event) for state in (State.SENT, State.STARTED))


def _from_both(verb: Verb, label: str, target: State, event: str) -> tuple[Transition, ...]:
    return tuple(Transition(verb, label, state, target, event) for state in (State.SENT, State.STARTED))


TRANSITIONS = (
    Transition(Verb.PRE_AFFILIATE, _("Pré-affiliez le salarié"), None, State.SENT, "affiliation.sent.v1"),
    Transition(Verb.START, _("Démarrez votre affiliation"), State.SENT, State.STARTED, "affiliation.started.v1"),
    Transition(Verb.SAVE_DRAFT, _("Enregistrez votre brouillon"), State.STARTED, State.STARTED, None),
    *_while_awaited(Verb.RELAUNCH, _("Relancez le salarié"), "affiliation.relaunched.v1"),
    *_while_awaited(Verb.RESEND, _("Envoyez le formulaire à une autre adresse"), "affiliation.relaunched.v1"),
    *_while_awaited(Verb.REMIND, _("Rappel automatique"), "affiliation.relaunched.v1"),
    *_while_awaited(Verb.PAUSE, _("Suspendez les rappels"), None),
    *_while_awaited(Verb.RESUME, _("Reprenez les rappels"), None),
    *_while_awaited(Verb.REPORT_UNDELIVERED, _("Signalez un retour à l'expéditeur"), None),
    Transition(Verb.FINALISE, _("Finalisez votre affiliation"), State.STARTED, State.FINALISED, "affiliation.finalised.v1"),
    *_from_both(Verb.RECEIVE_PAPER, _("Enregistrez le bulletin papier"), State.FINALISED, "affiliation.finalised.v1"),
    *_from_both(Verb.ABANDON, _("Abandonnez l'affiliation"), State.ABANDONED, "affiliation.abandoned.v1"),
    Transition(Verb.RESTART, _("Recommencez l'affiliation"), State.ABANDONED, State.ABANDONED, None),
)

AUDIENCES: dict[Verb, tuple[str, ...]] = {
    Verb.PRE_AFFILIATE: ("employer", "caseworker"),
    Verb.START: ("applicant",),
    Verb.SAVE_DRAFT: ("applicant",),
    Verb.RELAUNCH: ("employer",),
    Verb.RESEND: ("employer", "caseworker", "system"),
    Verb.REMIND: ("system",),
    Verb.PAUSE: ("employer", "caseworker"),
    Verb.RESUME: ("employer", "caseworker"),
    Verb.REPORT_UNDELIVERED: ("caseworker", "system"),
    Verb.FINALISE: ("applicant",),
    Verb.RECEIVE_PAPER: ("caseworker",),
    Verb.ABANDON: ("employer", "caseworker", "system"),
    Verb.RESTART: ("employer", "caseworker"),
}
"""Who may act, by kind of actor; ``system`` is a delay that ran out, or what messaging tells."""

OPENINGS: dict[State, tuple[Opening, ...]] = {
    State.SENT: (Opening.JOURNEY, Opening.PERIOD),
    State.STARTED: (Opening.JOURNEY, Opening.FORM, Opening.PERIOD),
    State.FINALISED: (Opening.PERIOD,),
    State.ABANDONED: (),
}

LABELS = {transition.verb: transition.label for transition in TRANSITIONS}
DONE = {
    Verb.PRE_AFFILIATE: _("Salarié pré-affilié"),
    Verb.START: _("Affiliation démarrée"),
    Verb.SAVE_DRAFT: _("Brouillon enregistré"),
    Verb.RELAUNCH: _("Salarié relancé"),
    Verb.RESEND: _("Formulaire envoyé à une autre adresse"),
    Verb.REMIND: _("Rappel automatique envoyé"),
    Verb.PAUSE: _("Rappels suspendus"),
    Verb.RESUME: _("Rappels repris"),
    Verb.REPORT_UNDELIVERED: _("Retour à l'expéditeur signalé"),
    Verb.FINALISE: _("Affiliation finalisée"),
    Verb.RECEIVE_PAPER: _("Bulletin papier enregistré"),
    Verb.ABANDON: _("Affiliation abandonnée"),
    Verb.RESTART: _("Affiliation recommencée"),
}
"""How the history says what was done."""
_NEXT = {(transition.origin, transition.verb): transition for transition in TRANSITIONS}


def after(state: State | None, verb: Verb) -> State:
    """The state that ``verb`` leads to (``None`` is what does not exist yet). Raises ``ForbiddenTransition``, naming both labels."""
    transition = _NEXT.get((state, verb))
    if transition is None:
        raise ForbiddenTransition(_refusal(state, verb), state=state, verb=verb)
    return transition.target


def possible(state: State | None, audience: str, but: Collection[Verb] = ()) -> Iterator[Transition]:
    """What somebody of this kind may do now, in the order of the table: the buttons of a screen. ``but`` is what the brand keeps."""
    return (line for line in TRANSITIONS if line.origin == state and audience in AUDIENCES[line.verb] and line.verb not in but)


def done(state: State, verb: Verb) -> bool:
    """Whether ``verb`` is what led here, so that saying it again is harmless. What can be repeated (a reminder, a save) is never done."""
    return any(line.verb == verb and line.target == state and line.origin not in (None, state) for line in TRANSITIONS)


def open_for(opening: Opening) -> tuple[State, ...]:
    """The states that leave this open."""
    return tuple(state for state in State if opening in OPENINGS[state])


def mermaid() -> str:
    """The table as a Mermaid state diagram."""
    names = [f"    {state} : {state.label}" for state in State]
    moves = [f"    {line.origin or '[*]'} --> {line.target} : {line.verb}" for line in TRANSITIONS]
    ends = [f"    {state} --> [*]" for state in State if not any(line.origin == state for line in TRANSITIONS)]
    return "\n".join(["stateDiagram-v2", "    direction LR", *names, *moves, *ends])


def page() -> str:
    """The whole of docs/lifecycle.md."""
    return PAGE.format(diagram=mermaid(), states="\n".join(_state_rows()), transitions="\n".join(_transition_rows()))


PAGE = """\
# Le parcours d'une affiliation

Page produite par `make pages` à partir de `services/affiliation/lifecycle.py` : ne la modifiez pas ici.

```mermaid
{diagram}
```

| État | Libellé | Ce que cela veut dire (guide de l'espace entreprise, « Suivi des affiliations ») | Reste ouvert |
|---|---|---|---|
{states}

| Verbe | Bouton | De | Vers | Qui | Fait annoncé |
|---|---|---|---|---|---|
{transitions}
"""


def _refusal(state: State | None, verb: Verb) -> str:
    if state is None:
        return _("« {verb} » n'est pas possible : cette affiliation n'existe pas encore.").format(verb=LABELS[verb])
    return _("« {verb} » n'est pas possible : cette affiliation est à l'état « {state} ».").format(verb=LABELS[verb], state=state.label)


def _state_rows() -> Iterator[str]:
    return (f"| `{state}` | {state.label} | {state.meaning} | {', '.join(OPENINGS[state]) or '–'} |" for state in State)


def _transition_rows() -> Iterator[str]:
    for line in TRANSITIONS:
        origin, event = f"`{line.origin}`" if line.origin else "–", f"`{line.event}`" if line.event else "–"
        yield f"| `{line.verb}` | {line.label} | {origin} | `{line.target}` | {', '.join(AUDIENCES[line.verb])} | {event} |"
