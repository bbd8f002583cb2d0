"""Declarations in and out (S1:200-218): one newcomer, what may be declared."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from chassis.http import Answer, Request
from identifiers.fields import BirthDate, Email, Nir, PersonName, Siret, Text
from services.affiliation.schemas.follow_up import AffiliationRow


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


class TypedSoFar(PreAffiliation):
    """A declaration that is being typed, its establishment first: whatever else is not there yet is not missed."""

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:
        field_obj.required = field_name == "siret"


class RestartChanges(Request):
    """What differs from the abandoned declaration; what is not named stays."""

    starts_on = fields.Date()
    email = Email(allow_none=True)
    address = Text(max=300, lines=True, allow_none=True)


class DuplicateWarning(Answer):
    """Something that looks like the same declaration."""

    affiliation_id = fields.UUID(required=True)
    message = fields.String(required=True)


class CreatedAffiliation(AffiliationRow):
    """A new line, with what looks like a duplicate of it."""

    warnings = fields.List(fields.Nested(DuplicateWarning), required=True)


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


class OffersQuery(Request):
    """One company alone, by one of its establishments: a caseworker who holds a paper form names it."""

    siret = Siret(load_default=None)


class FormQuery(Request):
    """The establishment whose form is printed."""

    siret = Siret(required=True)


class Flaw(Answer):
    """What is wrong, and where."""

    field = fields.String(required=True)
    message = fields.String(required=True)


class DeclarationCheck(Answer):
    """What keeps a declaration from being taken, and what looks like a duplicate of it."""

    errors = fields.List(fields.Nested(Flaw), required=True)
    warnings = fields.List(fields.String(), required=True)
