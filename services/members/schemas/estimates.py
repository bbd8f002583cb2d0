"""Estimates of reimbursement (S4:128): what is asked, and the reckoning step by step."""

from marshmallow import fields, validate

from chassis import http
from identifiers.fields import Amount
from services.members.rules.tariffs import tariffs

MOST_DEPENDENTS = 30


class EstimateBody(http.Request):
    """A care: its letter code, its day, what is paid for it, and what changes the reckoning.

    ``beneficiary`` is the rank of an ayant droit on the card, 0 for the member. ``optam`` and ``coordinated`` are about the doctor
    (signed the OPTAM, in the coordinated care path).
    """

    act = fields.String(required=True, validate=validate.OneOf(sorted(tariffs().acts)))
    care_on = fields.Date(required=True)
    cost = Amount(required=True)
    quantity = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 99))
    coefficient = Amount(load_default=None)
    beneficiary = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, MOST_DEPENDENTS))
    coordinated = fields.Boolean(load_default=True, truthy={True}, falsy={False})
    optam = fields.Boolean(load_default=True, truthy={True}, falsy={False})
    exoneration = fields.String(load_default=None, validate=validate.OneOf(sorted(tariffs().exonerations)))


class EstimateStep(http.Answer):
    """One step: the rule, in words, its amount (negative for what is withheld), since when it holds and where it is written."""

    rule = fields.String(required=True)
    sentence = fields.String(required=True)
    amount = Amount(required=True)
    since = fields.Date(required=True, allow_none=True)
    source = fields.String(required=True, allow_none=True)


class EstimateAnswer(http.Answer):
    """``cost = base_scheme + complementary + left``. An estimate promises nothing: it says what today's rules give."""

    cost = Amount(required=True)
    base = Amount(required=True)
    base_scheme = Amount(required=True)
    complementary = Amount(required=True)
    left = Amount(required=True)
    contract_label = fields.String(required=True)
    guarantee = fields.String(required=True)
    steps = fields.List(fields.Nested(EstimateStep), required=True)


class EstimableAct(http.Answer):
    """A care that can be estimated; ``needs_coefficient`` says that its letter has a coefficient (7,5 for AMK 7,5)."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    domain = fields.String(required=True)
    needs_coefficient = fields.Boolean(required=True)


class ExonerationLine(http.Answer):
    code = fields.String(required=True)
    label = fields.String(required=True)


class EstimableActs(http.Answer):
    acts = fields.List(fields.Nested(EstimableAct), required=True)
    exonerations = fields.List(fields.Nested(ExonerationLine), required=True)
