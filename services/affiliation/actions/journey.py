"""What the person does (S1:220-228): start, save a draft, finalise."""

from typing import Any, Literal

from chassis.labels import _
from events import affiliation as told
from events.fact import Sealed, seal
from services.affiliation import access, rules
from services.affiliation.actions.moves import advance
from services.affiliation.config import Work
from services.affiliation.errors import DraftChanged, IncompleteForm, PiecesMissing
from services.affiliation.lifecycle import Verb, after, done
from services.affiliation.models import Affiliation, Draft
from services.affiliation.rules import Dependent, Form

Via = Literal["online", "paper"]
TO_CORRECT = _("Informations à compléter ou à corriger : {count}. {first}")


def start(work: Work) -> Affiliation:
    """Open the form (S1:245). Said again, it changes nothing."""
    affiliation = access.own_affiliation(work, to_change=True)
    if not done(affiliation.status, Verb.START):
        affiliation.wait(work.now, work.brand.own.expiry_days)
        advance(work, affiliation, Verb.START)
        work.emit(told.Started(**_about(affiliation)))
    return affiliation


def save_draft(work: Work, changes: dict[str, Any], version: int | None = None) -> Affiliation:
    """Replace the given values of the draft. ``version`` is the one the change was made on: what another device has saved otherwise since
    raises ``DraftChanged``, and nothing is taken; what it has not touched is."""
    affiliation = access.own_affiliation(work, to_change=True)
    after(affiliation.status, Verb.SAVE_DRAFT)
    draft = access.draft(work, affiliation) or Draft(affiliation_id=affiliation.id, content="{}", version=0, touched={})
    if version is not None and (names := draft.changed_since(version, changes)):
        raise DraftChanged.of(draft.version, names)
    draft.hold(changes, work.now)
    work.session.add(draft)
    affiliation.wait(work.now, work.brand.own.expiry_days)
    work.audit(f"affiliation.{Verb.SAVE_DRAFT}", f"affiliation:{affiliation.id}", version=draft.version)
    _tell_contact(work, affiliation, draft.form.email)
    return affiliation


def finalise(work: Work) -> Affiliation:
    """Send the complete form (S1:246). Raises ``IncompleteForm`` or ``PiecesMissing``; said again, it changes nothing."""
    affiliation = access.own_affiliation(work, to_change=True)
    if done(affiliation.status, Verb.FINALISE):
        return affiliation
    after(affiliation.status, Verb.FINALISE)
    draft = access.draft(work, affiliation)
    complete(work, affiliation, draft.form if draft else Form(), Verb.FINALISE, via="online")
    return affiliation


def complete(work: Work, affiliation: Affiliation, form: Form, verb: Verb, via: Via) -> None:
    """Take a form as the person's last word, whichever way it came. Raises ``IncompleteForm`` or ``PiecesMissing``."""
    whole = form.over(affiliation.declared)
    _require_everything(work, whole)
    _require_pieces(work, affiliation, whole)
    affiliation.know(whole)
    affiliation.via = via
    advance(work, affiliation, verb)
    work.emit(_finalised(affiliation, whole, via))


def _tell_contact(work: Work, affiliation: Affiliation, email: str | None) -> None:
    if email and email != affiliation.contact_email:
        affiliation.contact_email = email
        work.emit(told.ContactGiven(**_about(affiliation), email=Sealed(email)))


def _require_everything(work: Work, form: Form) -> None:
    brand = work.brand.own
    errors = rules.flaws(form, brand.required, brand.child_last_age, work.today)
    if errors:
        raise IncompleteForm(TO_CORRECT.format(count=len(errors), first=errors[0]["message"]), errors=errors)


def _require_pieces(work: Work, affiliation: Affiliation, form: Form) -> None:
    brand = work.brand.own
    errors = rules.lacking(rules.pieces(form, brand.pieces, access.documents(work, affiliation), brand.adult_age, work.today))
    if errors:
        raise PiecesMissing(" ".join(error["message"] for error in errors), errors=errors)


def _finalised(affiliation: Affiliation, form: Form, via: Via) -> told.Finalised:
    return told.Finalised(
        **_about(affiliation),
        contract_reference=affiliation.contract_reference,
        professional_status=affiliation.professional_status,
        starts_on=affiliation.starts_on,
        first_name=Sealed(str(form.first_name)),
        last_name=Sealed(str(form.last_name)),
        birth_on=Sealed(str(form.birth_on)),
        nir=Sealed(str(form.nir)),
        iban=Sealed(str(form.iban)),
        email=seal(form.email),
        phone=seal(form.phone),
        address=seal(form.address),
        dependents=tuple(_dependent(one) for one in form.dependents),
        via=via,
    )


def _dependent(one: Dependent) -> told.Dependent:
    return told.Dependent(
        kinship=one.kinship,
        first_name=Sealed(str(one.first_name)),
        last_name=Sealed(str(one.last_name)),
        birth_on=Sealed(str(one.birth_on)),
        nir=seal(one.nir),
    )


def _about(affiliation: Affiliation) -> dict[str, Any]:
    return {"affiliation_id": affiliation.id, "siren": affiliation.siren, "siret": affiliation.siret}
