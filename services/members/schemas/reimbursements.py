"""The home page, reimbursements and décomptes, over HTTP. Amounts are euros, negative on a correction."""

from marshmallow import fields, validate

from chassis import http
from identifiers.fields import Amount
from services.members.rules.reimbursements import PAID_TO_LABELS
from services.members.schemas.estimates import EstimateStep


class ReimbursementsFilter(http.Request):
    """First and last days of care, and the patient (S4:130)."""

    since = fields.Date(load_default=None)
    until = fields.Date(load_default=None)
    beneficiary = fields.UUID(load_default=None)


class ReimbursementsQuery(ReimbursementsFilter):
    """The same, a page at a time; ``after`` is the id of the last line seen."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.UUID(load_default=None)


class Patient(http.Answer):
    """Who was cared for; ``id`` is what the filter takes."""

    id = fields.UUID(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)


class ReimbursementLine(http.Answer):
    """``cost = base_scheme + complementary + left``."""

    id = fields.UUID(required=True)
    statement_id = fields.UUID(required=True)
    paid_on = fields.Date(required=True)
    care_on = fields.Date(required=True)
    beneficiary = fields.Nested(Patient, required=True)
    act = fields.String(required=True)
    care = fields.String(required=True)
    cost = Amount(required=True)
    base_scheme = Amount(required=True)
    complementary = Amount(required=True)
    left = Amount(required=True)
    paid_to = fields.String(required=True, validate=validate.OneOf(list(PAID_TO_LABELS)))
    paid_to_label = fields.String(required=True)


class ReimbursementDetail(ReimbursementLine):
    """A line with the reckoning, step by step."""

    base = Amount(required=True)
    rate = fields.Integer(required=True)
    quantity = fields.Integer(required=True)
    coefficient = Amount(required=True)
    care_ends_on = fields.Date(required=True, allow_none=True)
    qualifier = fields.String(required=True)
    steps = fields.List(fields.Nested(EstimateStep), required=True)
    fund = fields.String(required=True)
    statement_number = fields.String(required=True)


class Reimbursements(http.Answer):
    items = fields.List(fields.Nested(ReimbursementLine), required=True)
    next = fields.UUID(required=True, allow_none=True)


class StatementLine(http.Answer):
    """A décompte, and what its lines come to."""

    id = fields.UUID(required=True)
    fund = fields.String(required=True)
    number = fields.String(required=True)
    issued_on = fields.Date(required=True)
    beneficiary = fields.Nested(Patient, required=True)
    count = fields.Integer(required=True)
    cost = Amount(required=True)
    complementary = Amount(required=True)


class Statements(http.Answer):
    items = fields.List(fields.Nested(StatementLine), required=True)
    next = fields.UUID(required=True, allow_none=True)


class SynthesisAnswer(http.Answer):
    """« Synthèse de vos règlements sur les 12 derniers mois »: ``total = to_member + to_third_parties`` (S3:145-147)."""

    since = fields.Date(required=True)
    until = fields.Date(required=True)
    total = Amount(required=True)
    to_member = Amount(required=True)
    to_third_parties = Amount(required=True)


class MissingField(http.Answer):
    field = fields.String(required=True)
    label = fields.String(required=True)
    why = fields.String(required=True)


class ProfileAnswer(http.Answer):
    percent = fields.Integer(required=True)
    missing = fields.List(fields.Nested(MissingField), required=True)


class Blocking(http.Answer):
    """What keeps the member from being reimbursed today."""

    code = fields.String(required=True)
    sentence = fields.String(required=True)


class Home(http.Answer):
    first_name = fields.String(required=True)
    latest = fields.List(fields.Nested(ReimbursementLine), required=True)
    synthesis = fields.Nested(SynthesisAnswer, required=True)
    profile = fields.Nested(ProfileAnswer, required=True)
    blocking = fields.List(fields.Nested(Blocking), required=True)
