"""« Mes salariés affiliés »: the filters and the lines, the views one keeps, the file (S1:185-308)."""

from marshmallow import fields, validate

from chassis import http
from identifiers.fields import Nir, Siren, Siret, Text
from services.members.lifecycle import FILTERS
from services.members.rules.employees import ORDERS
from services.members.schemas.contracts import CompanyName
from services.members.schemas.radiations import RadiationVerb
from services.members.schemas.rights import MovementLine, RightsLine

LONGEST_CURSOR = 1_000


class Filters(http.Request):
    """The filters of the guide (S1:191-196): absent is « Tous », but for the status, whose default is the active people (S1:178)."""

    siren = Siren(load_default=None)
    siret = Siret(load_default=None)
    establishment = Text(load_default=None, max=200)
    status = fields.String(load_default="active", validate=validate.OneOf(list(FILTERS)))
    professional_status = Text(load_default=None, max=80)
    contract = Text(load_default=None, max=30)


class NamedFilters(Filters):
    """The same and the beginning of a person's name, which stands in a body and never in an address."""

    name = Text(load_default=None, max=80)


class SortedFilters(Filters):
    sort = fields.String(load_default="name", validate=validate.OneOf(ORDERS))


class EmployeesQuery(SortedFilters):
    """A page: ``after`` is the ``next`` of the page before, in the same order."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.String(load_default=None, validate=validate.Length(max=LONGEST_CURSOR))


class EmployeesSearch(EmployeesQuery, NamedFilters):
    """The same in a body, where a name or a whole NIR may stand: they never do in an address. Whoever is sought by number is found
    whatever the status, unless one is chosen."""

    nir = Nir(load_default=None, allow_none=True)
    status = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(list(FILTERS)))


class ExportQuery(SortedFilters):
    """The same filters and order, on one file; ``dependents`` adds a sheet of the ayants droit."""

    dependents = fields.Boolean(load_default=False)


class FiltersQuery(http.Request):
    """The companies whose values are offered: all, or one."""

    siren = Siren(load_default=None)


class Choice(http.Answer):
    value = fields.String(required=True)
    label = fields.String(required=True)


class FiltersAnswer(http.Answer):
    """What each filter offers; ``complete`` is false when there are more values than are told: choose a company first."""

    companies = fields.List(fields.Nested(Choice), required=True)
    establishments = fields.List(fields.Nested(Choice), required=True)
    statuses = fields.List(fields.Nested(Choice), required=True)
    professional_statuses = fields.List(fields.Nested(Choice), required=True)
    contracts = fields.List(fields.Nested(Choice), required=True)
    sorts = fields.List(fields.Nested(Choice), required=True)
    complete = fields.Boolean(required=True)
    sees_nir = fields.Boolean(required=True)


class InsuredEmployee(RightsLine):
    """A row of « Mes salariés affiliés »."""

    last_name = fields.String(required=True)
    first_name = fields.String(required=True)
    nir_masked = fields.String(required=True)
    spouse_covered = fields.Boolean(required=True)


class InsuredEmployees(http.Answer):
    items = fields.List(fields.Nested(InsuredEmployee), required=True)
    next = fields.String(required=True, allow_none=True)


class CoveredDependent(http.Answer):
    """An ayant droit as the employer sees one: neither birth date nor number."""

    kinship = fields.String(required=True)
    kinship_label = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    covered = fields.Boolean(required=True)


class Decision(MovementLine):
    """One line of the history, and who decided it."""

    decided_by = fields.String(required=True)


class NextStep(http.Answer):
    """What can be done next: a button."""

    verb = fields.String(required=True)
    label = fields.String(required=True)


class InsuredEmployeeDetail(InsuredEmployee):
    """One employee: whom the rights cover too, the history, what can be done of them (S1:289, « Actions ») and what comes next."""

    company = fields.Nested(CompanyName, required=True)
    contract_id = fields.UUID(required=True, allow_none=True)
    dependents = fields.List(fields.Nested(CoveredDependent), required=True)
    history = fields.List(fields.Nested(Decision), required=True)
    possible = fields.List(fields.Nested(RadiationVerb), required=True)
    next_steps = fields.List(fields.Nested(NextStep), required=True)


class ExportForecast(http.Answer):
    """What a file would hold: its lines, about how many bytes, and whether the numbers are whole in all of it."""

    rows = fields.Integer(required=True)
    about_bytes = fields.Integer(required=True)
    whole_numbers = fields.Boolean(required=True)
    possible = fields.Boolean(required=True)


class NewView(http.Request):
    """A view to keep. The first one shown is the ``is_default`` one."""

    name = Text(required=True, max=60)
    filters = fields.Nested(NamedFilters, required=True)
    sort = fields.String(load_default="name", validate=validate.OneOf(ORDERS))
    is_default = fields.Boolean(load_default=False)


class ViewFilters(http.Answer):
    siren = fields.String(allow_none=True)
    siret = fields.String(allow_none=True)
    establishment = fields.String(allow_none=True)
    status = fields.String(required=True)
    professional_status = fields.String(allow_none=True)
    contract = fields.String(allow_none=True)
    name = fields.String(allow_none=True)


class ViewAnswer(http.Answer):
    view_id = fields.UUID(required=True)
    name = fields.String(required=True)
    filters = fields.Nested(ViewFilters, required=True)
    sort = fields.String(required=True)
    is_default = fields.Boolean(required=True)


class ViewAnswers(http.Answer):
    items = fields.List(fields.Nested(ViewAnswer), required=True)
