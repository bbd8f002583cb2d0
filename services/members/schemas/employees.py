"""« Mes salariés affiliés »: the filters and the lines (S1:185-308)."""

from marshmallow import fields, validate

from chassis import http
from identifiers.fields import Siret, Text
from services.members.lifecycle import FILTERS
from services.members.schemas.radiations import RadiationVerb
from services.members.schemas.rights import MovementLine, RightsLine


class EmployeesQuery(http.Request):
    """The filters of « Mes salariés affiliés »."""

    siret = Siret(load_default=None)
    status = fields.String(load_default="active", validate=validate.OneOf(list(FILTERS)))
    contract = Text(load_default=None, max=30)
    name = fields.String(load_default=None, validate=validate.Length(max=80))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.UUID(load_default=None)


class ExportQuery(EmployeesQuery):
    """The same filters, on one file."""

    class Meta(EmployeesQuery.Meta):
        exclude = ("limit", "after")


class InsuredEmployee(RightsLine):
    """A row of « Mes salariés affiliés »."""

    last_name = fields.String(required=True)
    first_name = fields.String(required=True)
    nir_masked = fields.String(required=True)
    spouse_covered = fields.Boolean(required=True)


class InsuredEmployees(http.Answer):
    items = fields.List(fields.Nested(InsuredEmployee), required=True)
    next = fields.UUID(required=True, allow_none=True)


class InsuredEmployeeDetail(InsuredEmployee):
    """One employee: the history, and what can be done (S1:289, « Actions »)."""

    history = fields.List(fields.Nested(MovementLine), required=True)
    possible = fields.List(fields.Nested(RadiationVerb), required=True)
