"""Employers over HTTP: what is read and what is said."""

from marshmallow import fields, validate

from chassis.http import Answer, PageById, PageQuery, Request
from identifiers.fields import Email, PersonName, Phone, Siren, Siret, Text
from services.employers import rules

NAME_MAX = 120
IDENTIFIER_MAX = 40
ADDRESS_MAX = 500
REASON_MAX = 300
GRANTS_MAX = 200
"""Companies of one invitation; a declarant who has more is invited again."""


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


class CompanyQuery(PageQuery):
    """Cursor pages; ``search`` is the beginning of a SIREN or of a name, whatever its case and accents."""

    search = Text(max=NAME_MAX, load_default=None)


class CompanyPage(Answer):
    items = fields.List(fields.Nested(CompanyAnswer), required=True)
    next = fields.String(required=True, allow_none=True)


class NewScopeRequest(Request):
    """A SIRET or a SIREN, and the identifier printed on the insurer's letters (S1:164)."""

    siret = Siret(load_default=None, allow_none=True)
    siren = Siren(load_default=None, allow_none=True)
    identifier = Text(max=IDENTIFIER_MAX, required=True)


class ScopeRequestAnswer(Answer):
    """``id`` is also the activation's, when a code went to the contact on file (``state`` is then ``asked``)."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    asked_at = fields.DateTime(required=True)


class ScopeRequestList(Answer):
    items = fields.List(fields.Nested(ScopeRequestAnswer), required=True)


class Step(Answer):
    """What an administrator may do now: the buttons of a line."""

    verb = fields.String(required=True)
    label = fields.String(required=True)


class HabilitationAnswer(Answer):
    """A right on one company: of an account, or of somebody invited."""

    id = fields.UUID(required=True)
    siren = fields.String(required=True)
    company_name = fields.String(required=True)
    account_id = fields.UUID(required=True, allow_none=True)
    first_name = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    role = fields.String(required=True)
    sees_nir = fields.Boolean(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    granted_at = fields.DateTime(required=True, allow_none=True)
    resumes_on = fields.Date(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True)
    invitation_expires_at = fields.DateTime(required=True, allow_none=True)
    possible = fields.List(fields.Nested(Step), required=True)


class HabilitationList(Answer):
    items = fields.List(fields.Nested(HabilitationAnswer), required=True)


class HabilitationPage(HabilitationList):
    next = fields.String(required=True, allow_none=True)


class HabilitationQuery(PageById):
    """``siren`` keeps one company."""

    siren = Siren(load_default=None)


class Grant(Request):
    """A right on one company; ``ends_on`` is the last day of a mandate, ``sees_nir`` gives a user people's whole numbers."""

    siren = Siren(required=True)
    role = fields.String(required=True, validate=validate.OneOf(rules.ROLES))
    ends_on = fields.Date(load_default=None, allow_none=True)
    sees_nir = fields.Boolean(load_default=False)


class NewInvitation(Request):
    first_name = PersonName(required=True)
    last_name = PersonName(required=True)
    email = Email(required=True)
    grants = fields.List(fields.Nested(Grant), required=True, validate=validate.Length(1, GRANTS_MAX))


class InvitationAnswer(Answer):
    invitation_id = fields.UUID(required=True, attribute="id")
    expires_at = fields.DateTime(required=True)


class HabilitationEdit(Request):
    role = fields.String(required=True, validate=validate.OneOf(rules.ROLES))
    ends_on = fields.Date(load_default=None, allow_none=True)
    sees_nir = fields.Boolean(load_default=False)


class Suspension(Request):
    """``resumes_on`` is the day the access comes back by itself; without it, somebody gives it back."""

    resumes_on = fields.Date(load_default=None, allow_none=True)


class NewAct(Request):
    """An act on a whole company, and why."""

    kind = fields.String(required=True, validate=validate.OneOf(tuple(rules.ACTS)))
    siren = Siren(required=True)
    reason = Text(max=REASON_MAX, required=True)


class ActAnswer(Answer):
    """``asked_by_me``: somebody else approves it."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    siren = fields.String(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    asked_by_me = fields.Boolean(required=True)
    asked_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True)
    decided_at = fields.DateTime(required=True, allow_none=True)


class ActPage(Answer):
    items = fields.List(fields.Nested(ActAnswer), required=True)
    next = fields.String(required=True, allow_none=True)
