"""Receipts of payroll declarations, over HTTP."""

from marshmallow import fields, validate

from chassis import http
from identifiers.fields import Siret
from services.members.rules.facts import FactState

MOST_FACTS = 500
"""Facts that a producer asks about at once: a batch of the kit."""


class DeclarationsQuery(http.PageById):
    """Which declarations; ``month`` is any day of the declared month."""

    siret = Siret(load_default=None)
    month = fields.Date(load_default=None)
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 50))


class DeclarationQuery(http.PageById):
    """Which facts of a declaration."""

    state = fields.Enum(FactState, by_value=True, load_default=None)


class StateCount(http.Answer):
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in FactState]))
    label = fields.String(required=True)
    number = fields.Integer(required=True)


class DeclarationReceipt(http.Answer):
    """A declaration and what became of its facts. ``missing`` are announced and not applied yet: on their way, or set aside."""

    id = fields.UUID(required=True)
    siret = fields.String(required=True)
    nature = fields.String(required=True)
    nature_label = fields.String(required=True)
    type = fields.String(required=True)
    declaration = fields.String(required=True)
    month = fields.Date(required=True, allow_none=True)
    told_at = fields.AwareDateTime(required=True)
    individuals = fields.Integer(required=True)
    announced = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    states = fields.List(fields.Nested(StateCount), required=True)


class DeclarationReceipts(http.Answer):
    items = fields.List(fields.Nested(DeclarationReceipt), required=True)
    next = fields.UUID(required=True, allow_none=True)


class FactReceipt(http.Answer):
    """A fact of a declaration: the employment is named as its payroll numbers it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    reason = fields.String(required=True)
    employment_number = fields.String()
    employment_starts_on = fields.Date()
    ended_on = fields.Date()
    motive = fields.String(allow_none=True)
    contract_reference = fields.String()


class DeclarationDetail(DeclarationReceipt):
    facts = fields.List(fields.Nested(FactReceipt), required=True)
    next = fields.UUID(required=True, allow_none=True)


class ReceiptsBody(http.Request):
    """The facts that a producer asks about; ``sirens`` are the companies it declares for, all of them when ``null``."""

    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MOST_FACTS))
    sirens = fields.List(fields.String(), required=True, allow_none=True)


class Receipt(http.Answer):
    id = fields.UUID(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    reason = fields.String(required=True)


class Receipts(http.Answer):
    items = fields.List(fields.Nested(Receipt), required=True)
