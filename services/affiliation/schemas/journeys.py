"""The person's own journey in and out (S1:220-228)."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.http import Answer, Request
from chassis.labels import _
from identifiers.fields import BirthDate, Email, Iban, Nir, PersonName, Phone, Text
from services.affiliation.rules import Dependent, Form, PieceState
from services.affiliation.schemas.follow_up import AffiliationRow, PossibleAction

MOST_DEPENDENTS = 20
VERSIONS = validate.Range(0, 2**31 - 1)
CERTIFY = _("Certifiez l'exactitude de vos déclarations pour finaliser votre affiliation.")
BAD_VERSION = _('Indiquez le numéro de version du brouillon, par exemple "3".')
KINSHIPS = ("spouse", "child", "other")


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


class PaperForm(DraftChanges):
    """The bulletin as it was written on paper: what is not there stays what the employer declared."""

    class Meta:
        exclude = ("version",)

    @ma.post_load
    def _read(self, data: dict[str, Any], **options: Any) -> Form:
        return Form(**data)


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
    bank = fields.String(required=True, allow_none=True, metadata={"description": "La banque de l'IBAN saisi, quand elle est connue"})
    required = fields.List(fields.String(), required=True)
    pieces = fields.List(fields.Nested(RequiredPiece), required=True)
    openings = fields.List(fields.String(), required=True)
    actions = fields.List(fields.Nested(PossibleAction), required=True)
