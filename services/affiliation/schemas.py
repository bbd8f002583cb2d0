"""HTTP in and out: the employer's declaration and follow-up, the person's draft and journey."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.http import Answer, PageQuery, Request
from chassis.labels import _
from identifiers.fields import BirthDate, Email, Iban, Nir, PersonName, Phone, Siren, Siret, Text
from services.affiliation.lifecycle import State, Verb
from services.affiliation.rules import Dependent, PieceState

MOST_DEPENDENTS = 20
VERSIONS = validate.Range(0, 2**31 - 1)
CERTIFY = _("Certifiez l'exactitude de vos déclarations pour finaliser votre affiliation.")
BAD_VERSION = _('Indiquez le numéro de version du brouillon, par exemple "3".')
KINSHIPS = ("spouse", "child", "other")


class PreAffiliation(Request):
    """A newcomer as the employer declares him (S1:202-208). Without ``email``, ``address`` is needed and the form leaves by post."""

    siret = Siret(required=True)
    contract_reference = Text(max=60, required=True)
    professional_status = Text(max=60, required=True)
    starts_on = fields.Date(required=True)
    first_name = PersonName(required=True)
    last_name = PersonName(required=True)
    birth_on = BirthDate(load_default=None, allow_none=True)
    nir = Nir(load_default=None, allow_none=True)
    email = Email(load_default=None, allow_none=True)
    address = Text(max=300, lines=True, load_default=None, allow_none=True)


class FollowUpQuery(PageQuery):
    """Filters of the follow-up."""

    siren = Siren(load_default=None)
    siret = Siret(load_default=None)
    status = fields.String(load_default=None, validate=validate.OneOf([str(state) for state in State]))


class AbandonReason(Request):
    """Why the journey is interrupted, for the history."""

    reason = Text(max=300, lines=True, required=True)


class DependentDraft(Request):
    """An ayant droit, as far as it was typed."""

    kinship = fields.String(required=True, validate=validate.OneOf(KINSHIPS))
    first_name = PersonName(allow_none=True)
    last_name = PersonName(allow_none=True)
    birth_on = BirthDate(allow_none=True)
    nir = Nir(allow_none=True)

    @ma.post_load
    def _read(self, data: dict[str, Any], **options: Any) -> Dependent:
        return Dependent(**data)


class DraftChanges(Request):
    """The values to replace; ``null`` erases one; what is not named stays. ``version`` is the one that was read (or ``If-Match``)."""

    first_name = PersonName(allow_none=True)
    last_name = PersonName(allow_none=True)
    birth_on = BirthDate(allow_none=True)
    nir = Nir(allow_none=True)
    address = Text(max=300, lines=True, allow_none=True)
    email = Email(allow_none=True)
    phone = Phone(allow_none=True)
    iban = Iban(allow_none=True)
    dependents = fields.List(fields.Nested(DependentDraft), validate=validate.Length(max=MOST_DEPENDENTS))
    version = fields.Integer(strict=True, validate=VERSIONS)

    @ma.post_load
    def _freeze(self, data: dict[str, Any], **options: Any) -> dict[str, Any]:
        return {**data, "dependents": tuple(data["dependents"])} if "dependents" in data else data


class DraftMatch(Answer):
    """The version of the draft that a change was made on, as HTTP says it."""

    if_match = fields.String(data_key="If-Match", load_default=None)

    @ma.post_load
    def _number(self, data: dict[str, Any], **options: Any) -> int | None:
        typed = data["if_match"]
        if typed in (None, "*"):
            return None
        digits = typed.removeprefix("W/").strip('"')
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
            raise ma.ValidationError({"If-Match": [BAD_VERSION]})
        return int(digits)


class Certification(Request):
    """The person's word that the form is exact."""

    certified = fields.Boolean(required=True, truthy={True}, falsy={False}, validate=validate.Equal(True, error=CERTIFY))


class PossibleAction(Answer):
    """A button: what the state lets this person do."""

    verb = fields.Enum(Verb, by_value=True, required=True)
    label = fields.String(required=True)


class AffiliationRow(Answer):
    """A line of the follow-up."""

    id = fields.UUID(required=True)
    siren = fields.String(required=True)
    siret = fields.String(required=True)
    establishment = fields.String(required=True)
    employee = fields.String(required=True, metadata={"description": "Prénom Nom"})
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    contract_reference = fields.String(required=True)
    contract_label = fields.String(required=True)
    professional_status = fields.String(required=True)
    starts_on = fields.Date(required=True)
    medium = fields.String(required=True, validate=validate.OneOf(["email", "post"]))
    medium_label = fields.String(required=True)
    status = fields.Enum(State, by_value=True, required=True)
    status_label = fields.String(required=True)
    date = fields.Date(required=True)
    date_label = fields.String(required=True, metadata={"description": "jj/mm/aaaa"})
    expires_at = fields.DateTime(required=True, allow_none=True)
    actions = fields.List(fields.Nested(PossibleAction), required=True)


class FollowUpColumn(Answer):
    """A column of the follow-up: the key of a line, and its title word for word."""

    key = fields.String(required=True)
    label = fields.String(required=True)


class FollowUpPage(Answer):
    """A page of the follow-up; ``next`` is the cursor of the page after."""

    columns = fields.List(fields.Nested(FollowUpColumn), required=True)
    items = fields.List(fields.Nested(AffiliationRow), required=True)
    next = fields.String(required=True, allow_none=True)


class DuplicateWarning(Answer):
    """Something that looks like the same declaration."""

    affiliation_id = fields.UUID(required=True)
    message = fields.String(required=True)


class CreatedAffiliation(AffiliationRow):
    """A new line, with what looks like a duplicate of it."""

    warnings = fields.List(fields.Nested(DuplicateWarning), required=True)


class AffiliationMove(Answer):
    """A line of the history."""

    verb = fields.Enum(Verb, by_value=True, required=True)
    verb_label = fields.String(required=True)
    status = fields.Enum(State, by_value=True, required=True)
    status_label = fields.String(required=True)
    at = fields.DateTime(required=True)
    date = fields.Date(required=True)
    date_label = fields.String(required=True)
    by = fields.String(required=True)
    by_label = fields.String(required=True)
    medium = fields.String(required=True, allow_none=True)
    medium_label = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class HandedOverNotice(Answer):
    """A mail or a letter that left for the person."""

    channel = fields.String(required=True)
    channel_label = fields.String(required=True)
    template = fields.String(required=True)
    at = fields.DateTime(required=True)


class AffiliationDetail(AffiliationRow):
    """A line with its dated history."""

    history = fields.List(fields.Nested(AffiliationMove), required=True)
    notices = fields.List(fields.Nested(HandedOverNotice), required=True)


class OfferedEstablishment(Answer):
    siret = fields.String(required=True)
    name = fields.String(required=True)


class OfferedContract(Answer):
    reference = fields.String(required=True)
    label = fields.String(required=True)
    starts_on = fields.Date(required=True)


class Offer(Answer):
    """What one company can affiliate to."""

    siren = fields.String(required=True)
    establishments = fields.List(fields.Nested(OfferedEstablishment), required=True)
    contracts = fields.List(fields.Nested(OfferedContract), required=True)


class Offers(Answer):
    items = fields.List(fields.Nested(Offer), required=True)


class DraftDependent(Answer):
    kinship = fields.String(required=True, validate=validate.OneOf(KINSHIPS))
    first_name = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True)
    nir = fields.String(required=True, allow_none=True)


class DraftForm(Answer):
    """The form as far as it is known; the person alone sees it, so nothing is masked."""

    first_name = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True)
    nir = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    iban = fields.String(required=True, allow_none=True)
    dependents = fields.List(fields.Nested(DraftDependent), required=True)


class RequiredPiece(Answer):
    """A piece that this situation asks for, why, and where it stands."""

    kind = fields.String(required=True, metadata={"description": "Le « kind » à donner à documents"})
    label = fields.String(required=True)
    reason = fields.String(required=True)
    state = fields.Enum(PieceState, by_value=True, required=True)
    state_label = fields.String(required=True)
    refusal = fields.String(required=True, allow_none=True)


class Journey(Answer):
    """The person's own affiliation: draft, pieces, what can be done. ``version`` is 0 before the first draft."""

    affiliation = fields.Nested(AffiliationRow, required=True)
    draft = fields.Nested(DraftForm, required=True)
    version = fields.Integer(required=True)
    saved_at = fields.DateTime(required=True, allow_none=True)
    required = fields.List(fields.String(), required=True)
    pieces = fields.List(fields.Nested(RequiredPiece), required=True)
    openings = fields.List(fields.String(), required=True)
    actions = fields.List(fields.Nested(PossibleAction), required=True)
