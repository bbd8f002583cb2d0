"""Employers over HTTP: what is read and what is said."""

from marshmallow import fields

from chassis.http import Answer, Request
from identifiers.fields import Email, PersonName, Phone, Siren, Siret, Text

NAME_MAX = 120
IDENTIFIER_MAX = 40
ADDRESS_MAX = 500


class InsurerHelp(Answer):
    key = fields.String(required=True)
    name = fields.String(required=True, metadata={"example": "KLESIA"})
    label = fields.String(required=True, metadata={"example": "Numéro entreprise"})
    help = fields.String(required=True)


class ActivationHelp(Answer):
    insurers = fields.List(fields.Nested(InsurerHelp), required=True)


class NewEmployerActivation(Request):
    siret = Siret(required=True)
    identifier = Text(max=IDENTIFIER_MAX, required=True)
    first_name = PersonName(required=True)
    last_name = PersonName(required=True)
    email = Email(required=True)
    phone = Phone(load_default=None, allow_none=True)


class EmployerActivation(Answer):
    activation_id = fields.UUID(required=True, attribute="id")
    message = fields.String(required=True)


class NewCompany(Request):
    siren = Siren(required=True)
    name = Text(max=NAME_MAX, required=True)
    insurer = Text(max=IDENTIFIER_MAX, required=True)
    identifier = Text(max=IDENTIFIER_MAX, required=True)
    emits_dsn = fields.Boolean(load_default=True)
    contact_email = Email(load_default=None, allow_none=True)
    contact_address = Text(max=ADDRESS_MAX, lines=True, load_default=None, allow_none=True)
    brand = Text(max=IDENTIFIER_MAX, load_default=None, allow_none=True)


class CompanyRegistration(Answer):
    siren = fields.String(required=True)
    name = fields.String(required=True)
    brand = fields.String(required=True)
    insurer = fields.String(required=True)
    emits_dsn = fields.Boolean(required=True)


class NewEstablishment(Request):
    siret = Siret(required=True)
    name = Text(max=NAME_MAX, required=True)


class EstablishmentAnswer(Answer):
    siret = fields.String(required=True)
    name = fields.String(required=True)


class CompanyAnswer(CompanyRegistration):
    role = fields.String(required=True, allow_none=True)
    activated = fields.Boolean(required=True)
    establishments = fields.List(fields.Nested(EstablishmentAnswer), required=True)


class CompanyPage(Answer):
    items = fields.List(fields.Nested(CompanyAnswer), required=True)
    next = fields.String(required=True, allow_none=True)


class HabilitationAnswer(Answer):
    account_id = fields.UUID(required=True)
    first_name = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    role = fields.String(required=True)
    granted_at = fields.DateTime(required=True)


class HabilitationList(Answer):
    items = fields.List(fields.Nested(HabilitationAnswer), required=True)
