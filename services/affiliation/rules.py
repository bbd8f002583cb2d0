"""What a form must hold, what must agree in it, and which pieces it asks for: pure functions of a form and a date."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, Protocol

from chassis.labels import _
from identifiers import nir, text

Kinship = Literal["spouse", "child", "other"]
Flaw = dict[str, str]
"""What is wrong and where: ``{"field": "dotted.path", "message": "sentence"}``."""

REAL_MONTHS = range(1, 13)
"""The month of a NIR is fictive (20, 30-42, 50-99) when the civil record does not give it: nothing to compare then."""

ASKED = {
    "first_name": _("Indiquez votre prénom."),
    "last_name": _("Indiquez votre nom."),
    "birth_on": _("Indiquez votre date de naissance."),
    "nir": _("Indiquez votre numéro de sécurité sociale."),
    "address": _("Indiquez votre adresse postale."),
    "email": _("Indiquez votre adresse e-mail."),
    "phone": _("Indiquez votre numéro de téléphone."),
    "iban": _("Indiquez l'IBAN du compte qui recevra vos remboursements."),
}
ASKED_OF_DEPENDENT = {
    "first_name": _("Indiquez le prénom de cet ayant droit."),
    "last_name": _("Indiquez le nom de cet ayant droit."),
    "birth_on": _("Indiquez la date de naissance de cet ayant droit."),
}
IN_THE_FUTURE = _("Cette date de naissance est dans le futur.")
WRONG_MONTH = _("Le mois de naissance ne correspond pas au numéro de sécurité sociale.")
SAME_NIR = _("Ce numéro de sécurité sociale est déjà celui d'une autre personne du bulletin.")
TWO_SPOUSES = _("Un seul conjoint peut être déclaré.")
CHILD_OLDER = _("Un enfant ne peut pas être né avant la personne assurée : vérifiez les deux dates de naissance.")
TWIN = _(
    "Une affiliation au même nom existe déjà dans cet établissement : contrat {contract}, « {status} » le {day:%d/%m/%Y}. "
    "Vérifiez qu'il ne s'agit pas d'un doublon."
)
CHILD_TOO_OLD = _("Après {age} ans, un enfant ne peut plus être déclaré comme tel : choisissez « autre ayant droit ».")


@dataclass(frozen=True, kw_only=True)
class Dependent:
    """An ayant droit, as far as the draft knows."""

    kinship: Kinship
    first_name: str | None = None
    last_name: str | None = None
    birth_on: date | None = None
    nir: str | None = None


@dataclass(frozen=True, kw_only=True)
class Form:
    """A bulletin d'affiliation, as far as the draft knows: every value may still be missing."""

    first_name: str | None = None
    last_name: str | None = None
    birth_on: date | None = None
    nir: str | None = None
    address: str | None = None
    email: str | None = None
    phone: str | None = None
    iban: str | None = None
    dependents: tuple[Dependent, ...] = ()

    def over(self, declared: "Form") -> "Form":
        """This form, completed where it says nothing by what the employer declared."""
        return Form(**{field.name: getattr(self, field.name) or getattr(declared, field.name) for field in fields(Form)})


@dataclass(frozen=True)
class Examined:
    """Declarations as they would be taken: how many, what is wrong and what is only odd, each with its line."""

    lines: int
    flaws: Sequence[tuple[int, Flaw]]
    warnings: Sequence[tuple[int, str]]


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """A form on paper: ``symbol`` is what a scanner reads, ``code`` what a keyboard types. ``known`` holds labels and values; ``asked``
    labels, each with the number of boxes of its comb (0: one long box); ``pieces`` labels and reasons; ``family`` says that dependents are
    asked for."""

    title: str
    symbol: str
    code: str
    known: Sequence[tuple[str, str]]
    asked: Sequence[tuple[str, int]]
    return_address: str
    family: bool = False
    pieces: Sequence[tuple[str, str]] = ()


class PieceState(StrEnum):
    """Where a piece stands, the best of its documents first."""

    label: str

    def __new__(cls, value: str, label: str) -> "PieceState":
        state = str.__new__(cls, value)
        state._value_, state.label = value, label
        return state

    RECEIVED = "received", _("Reçue")
    QUARANTINE = "quarantine", _("En cours de vérification")
    REFUSED = "refused", _("Refusée")
    WAITING = "waiting", _("À fournir")


class PieceRule(Protocol):
    """A line of the brand's table of pieces."""

    @property
    def kind(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def when(self) -> str: ...
    @property
    def reason(self) -> str: ...


class Joined(Protocol):
    """A document that was joined: its kind, where it stands, and why it was refused."""

    kind: str
    state: PieceState
    refusal: str | None


@dataclass(frozen=True)
class Piece:
    """A piece that the form asks for: why, and where it stands."""

    kind: str
    label: str
    reason: str
    state: PieceState
    refusal: str | None = None


def age_on(day: date, birth_on: date) -> int:
    """Whole years on a day; somebody born on 29 February grows older on 1 March."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def person_key(last_name: str, first_name: str) -> str:
    """How two declarations of the same person are recognised: without case, accent nor hyphen, and never by the NIR."""
    return f"{text.folded(last_name)}|{text.folded(first_name)}"


def may_be_born(one: date | None, other: date | None) -> bool:
    """Whether two birth dates may be one person's: either may be unknown."""
    return one is None or other is None or one == other


def twin_sentence(contract: str, status: str, on: date) -> str:
    """What is said of somebody who looks like the newcomer: a likely duplicate is told, never refused."""
    return TWIN.format(contract=contract, status=status, day=on)


def birth_refusal(number: str | None, birth_on: date | None, today: date) -> Flaw | None:
    """What is wrong between a NIR and a birth date, if anything; ``field`` is ``nir`` or ``birth_on``."""
    if birth_on is not None and birth_on > today:
        return {"field": "birth_on", "message": IN_THE_FUTURE}
    if number is None or birth_on is None:
        return None
    try:
        nir.check_birth(number, birth_on)
    except ValueError as refusal:
        return {"field": "nir", "message": str(refusal)}
    month = int(number[3:5])
    return {"field": "nir", "message": WRONG_MONTH} if month in REAL_MONTHS and month != birth_on.month else None


def flaws(form: Form, required: Iterable[str], child_last_age: int, today: date) -> list[Flaw]:
    """All that keeps a form from being finalised, in the order of the form."""
    return [*_missing(form, required), *_own_flaws(form, today), *_family_flaws(form, child_last_age, today)]


def relaunch_allowed_at(last: datetime | None, every_hours: int, now: datetime) -> datetime | None:
    """The instant from which a reminder is possible again, or ``None`` when it is possible now."""
    allowed_at = last + timedelta(hours=every_hours) if last else now
    return allowed_at if allowed_at > now else None


def next_reminder(sent_at: datetime, days: Iterable[int], not_before: datetime) -> datetime | None:
    """When the platform reminds by itself: the first of ``days`` after the sending that is not before an instant, or never (``None``)."""
    return next((at for day in sorted(days) if (at := sent_at + timedelta(days=day)) >= not_before), None)


def pieces(form: Form, table: Iterable[PieceRule], joined: Sequence[Joined], adult_age: int, today: date) -> list[Piece]:
    """The pieces that this situation asks for, in the order of the brand's table (S1:226-228)."""
    return [_piece(rule, joined) for rule in table if SITUATIONS[rule.when](form, adult_age, today)]


def lacking(found: Iterable[Piece]) -> list[Flaw]:
    """The pieces that are not here yet, each with what to do."""
    return [{"field": f"pieces.{piece.kind}", "message": _lack(piece)} for piece in found if piece.state != PieceState.RECEIVED]


def _adult_child(form: Form, adult_age: int, today: date) -> bool:
    births = (dependent.birth_on for dependent in form.dependents if dependent.kinship == "child")
    return any(birth_on is not None and age_on(today, birth_on) >= adult_age for birth_on in births)


SITUATIONS: dict[str, Callable[[Form, int, date], bool]] = {
    "always": lambda form, adult_age, today: True,
    "spouse": lambda form, adult_age, today: any(dependent.kinship == "spouse" for dependent in form.dependents),
    "adult_child": _adult_child,
    "other_dependent": lambda form, adult_age, today: any(dependent.kinship == "other" for dependent in form.dependents),
}
"""When a piece is asked for."""

LACKS = {
    PieceState.WAITING: _("Il manque : {label}."),
    PieceState.QUARANTINE: _("{label} : la vérification du fichier est en cours, réessayez dans un instant."),
    PieceState.REFUSED: _("{label} : le fichier a été refusé. {refusal}"),
}


def _lack(piece: Piece) -> str:
    return LACKS[piece.state].format(label=piece.label, refusal=piece.refusal or "").strip()


def _piece(rule: PieceRule, joined: Sequence[Joined]) -> Piece:
    order = list(PieceState)
    best = min((document for document in joined if document.kind == rule.kind), key=lambda one: order.index(one.state), default=None)
    if best is None:
        return Piece(rule.kind, rule.label, rule.reason, PieceState.WAITING)
    return Piece(rule.kind, rule.label, rule.reason, best.state, best.refusal)


def _missing(form: Form, required: Iterable[str]) -> Iterator[Flaw]:
    yield from ({"field": name, "message": ASKED[name]} for name in required if not getattr(form, name))
    for place, dependent in enumerate(form.dependents):
        for name, message in ASKED_OF_DEPENDENT.items():
            if not getattr(dependent, name):
                yield {"field": f"dependents.{place}.{name}", "message": message}


def _own_flaws(form: Form, today: date) -> Iterator[Flaw]:
    if flaw := birth_refusal(form.nir, form.birth_on, today):
        yield flaw


def _family_flaws(form: Form, child_last_age: int, today: date) -> Iterator[Flaw]:
    if sum(dependent.kinship == "spouse" for dependent in form.dependents) > 1:
        yield {"field": "dependents", "message": TWO_SPOUSES}
    seen = {form.nir}
    for place, dependent in enumerate(form.dependents):
        for flaw in _dependent_flaws(form, dependent, child_last_age, today):
            yield {**flaw, "field": f"dependents.{place}.{flaw['field']}"}
        if dependent.nir and dependent.nir in seen:
            yield {"field": f"dependents.{place}.nir", "message": SAME_NIR}
        seen.add(dependent.nir)


def _dependent_flaws(form: Form, dependent: Dependent, child_last_age: int, today: date) -> Iterator[Flaw]:
    if flaw := birth_refusal(dependent.nir, dependent.birth_on, today):
        yield flaw
    if dependent.kinship != "child" or dependent.birth_on is None:
        return
    if form.birth_on is not None and dependent.birth_on <= form.birth_on:
        yield {"field": "birth_on", "message": CHILD_OLDER}
    elif age_on(today, dependent.birth_on) > child_last_age:
        yield {"field": "birth_on", "message": CHILD_TOO_OLD.format(age=child_last_age)}
