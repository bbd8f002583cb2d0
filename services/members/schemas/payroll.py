"""What payrolls told, over HTTP: motives, anomalies, facts that wait."""

from marshmallow import fields, validate

from chassis import http
from services.members.rules.motives import Outcome
from services.members.schemas.rights import EmployeePlace


class MotiveLine(http.Answer):
    """A code of S21.G00.62.002; ``adjusted`` when the brand says otherwise than the platform."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf([outcome.value for outcome in Outcome]))
    outcome_label = fields.String(required=True)
    follows = fields.String(required=True)
    adjusted = fields.Boolean(required=True)


class Motives(http.Answer):
    items = fields.List(fields.Nested(MotiveLine), required=True)


class BenefitEndBody(http.Request):
    """The last day that unemployment insurance paid for."""

    ended_on = fields.Date(required=True)


class AnomaliesQuery(http.PageById):
    """Open anomalies, or those that closed by themselves."""

    state = fields.String(load_default="open", validate=validate.OneOf(["open", "closed"]))


class AnomalyLine(http.Answer):
    """Somebody with open rights whom a month did not name."""

    id = fields.UUID(required=True)
    rights_id = fields.UUID(required=True)
    establishment = fields.Nested(EmployeePlace, required=True)
    last_name = fields.String(required=True)
    first_name = fields.String(required=True)
    month = fields.Date(required=True)
    reason = fields.String(required=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class Anomalies(http.Answer):
    items = fields.List(fields.Nested(AnomalyLine), required=True)
    next = fields.UUID(required=True, allow_none=True)


class WaitingFact(http.Answer):
    """The latest that a payroll told of somebody whom no affiliation joins yet."""

    id = fields.UUID(required=True)
    siret = fields.String(required=True)
    declaration = fields.String(required=True)
    told_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True)
    last_name = fields.String(required=True)
    first_name = fields.String(required=True)
    nir_masked = fields.String(required=True, allow_none=True)
    employment_number = fields.String(required=True)
    employment_starts_on = fields.Date(required=True)
    ended_on = fields.Date()
    motive = fields.String(allow_none=True)


class WaitingFacts(http.Answer):
    items = fields.List(fields.Nested(WaitingFact), required=True)
    next = fields.UUID(required=True, allow_none=True)
