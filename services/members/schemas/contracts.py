"""« Mes contrats »: what a caseworker tells of a contract, and what its company reads of it (S1:182)."""

from marshmallow import fields, validate

from chassis import http
from chassis.labels import _
from identifiers.fields import Siren, Siret, Text
from services.members.schemas.rights import EmployeePlace, GuaranteeLine

INSURER_CODE = r"P[0-9]{4}|[0-9]{9}|A[A-Z0-9]{5}|[A-Z0-9]{9}"
"""S21.G00.15.002: an institution, a mutual, an insurer, or an isolated one."""
MOST_GUARANTEES = 40
MOST_PLANS, MOST_POPULATIONS, MOST_CONTRIBUTIONS, MOST_SIRETS = 20, 20, 60, 500


def _shaped(pattern: str, sentence: str) -> validate.Regexp:
    return validate.Regexp(rf"^(?:{pattern})$(?!\n)", error=sentence)  # the API's document reads patterns as ECMA-262: no \A, no \Z


class GuaranteeBody(http.Request):
    """A line of the grid, as told by a caseworker."""

    domain = fields.String(
        required=True, validate=_shaped("[A-Z]{2,6}", _("Un domaine compte de 2 à 6 lettres capitales, par exemple PHAR."))
    )
    label = Text(required=True, max=60)
    level = Text(required=True, max=20)


class CardBody(http.Request):
    """The data of the card's normalised block that belong to the contract (Association Inter-AMC)."""

    amc_number = fields.String(required=True, validate=_shaped("[0-9]{8,10}", _("Le numéro AMC compte de 8 à 10 chiffres.")))
    convention_type = fields.String(
        required=True, validate=_shaped("[A-Z0-9]{2}", _("Le type de convention compte 2 lettres ou chiffres, par exemple SP."))
    )
    csr = fields.String(load_default="", validate=_shaped("[A-Z0-9]{0,10}", _("Le CSR compte au plus 10 lettres ou chiffres.")))
    responsible = fields.Boolean(load_default=True)


class PlanBody(http.Request):
    """A plan (formule) of the contract."""

    label = Text(required=True, max=80)
    description = Text(required=True, max=300)


class ContributionBody(http.Request):
    """What a plan costs from a day on, in words: the amount or the rate, and who pays which share."""

    plan = Text(required=True, max=80)
    amount = Text(required=True, max=120)
    employer_share = Text(required=True, max=80)
    employee_share = Text(required=True, max=80)
    starts_on = fields.Date(required=True)


class NewContract(http.Request):
    """A company's contract. Without ``sirets`` it covers the whole company; without ``insurer_name`` the insurer is the company's."""

    siren = Siren(required=True)
    reference = Text(required=True, max=30)
    insurer_code = fields.String(required=True, validate=_shaped(INSURER_CODE, _("Ce code organisme n'est pas valable (rubrique 15.002).")))
    label = Text(required=True, max=80)
    population = Text(required=True, max=30)
    starts_on = fields.Date(required=True)
    brand = Text(max=30, load_default=None, allow_none=True)
    insurer_name = Text(load_default=None, allow_none=True, max=80)
    populations = fields.List(Text(max=80), load_default=list, validate=validate.Length(max=MOST_POPULATIONS))
    plans = fields.List(fields.Nested(PlanBody), load_default=list, validate=validate.Length(max=MOST_PLANS))
    guarantees = fields.List(fields.Nested(GuaranteeBody), load_default=list, validate=validate.Length(max=MOST_GUARANTEES))
    contributions = fields.List(fields.Nested(ContributionBody), load_default=list, validate=validate.Length(max=MOST_CONTRIBUTIONS))
    sirets = fields.List(Siret(), load_default=list, validate=validate.Length(max=MOST_SIRETS))
    card = fields.Nested(CardBody, required=True)


class ContractCreated(http.Answer):
    contract_id = fields.UUID(required=True, attribute="id")


class ContractsQuery(http.PageById):
    """A page of the contracts of the companies managed, or of one of them."""

    siren = Siren(load_default=None)


class Insurer(http.Answer):
    code = fields.String(required=True)
    name = fields.String(required=True)


class CompanyName(http.Answer):
    siren = fields.String(required=True)
    name = fields.String(required=True)


class PlanLine(http.Answer):
    label = fields.String(required=True)
    description = fields.String(required=True)


class ContributionLine(http.Answer):
    """What a plan costs, in words; ``in_force`` says that no later line replaces it today."""

    plan = fields.String(required=True)
    amount = fields.String(required=True)
    employer_share = fields.String(required=True)
    employee_share = fields.String(required=True)
    starts_on = fields.Date(required=True)
    in_force = fields.Boolean(required=True)


class CompanyContract(http.Answer):
    """A contract as its company sees it; ``covered`` are the insured people and the dependents of today."""

    contract_id = fields.UUID(required=True)
    company = fields.Nested(CompanyName, required=True)
    reference = fields.String(required=True)
    label = fields.String(required=True)
    insurer = fields.Nested(Insurer, required=True)
    population = fields.String(required=True)
    populations = fields.List(fields.String(), required=True)
    starts_on = fields.Date(required=True)
    responsible = fields.Boolean(required=True)
    plans = fields.List(fields.Nested(PlanLine), required=True)
    guarantees = fields.List(fields.Nested(GuaranteeLine), required=True)
    contributions = fields.List(fields.Nested(ContributionLine), required=True)
    whole_company = fields.Boolean(required=True)
    establishments = fields.List(fields.Nested(EmployeePlace), required=True)
    insured_covered = fields.Integer(required=True)
    dependents_covered = fields.Integer(required=True)


class CompanyContracts(http.Answer):
    items = fields.List(fields.Nested(CompanyContract), required=True)
    next = fields.UUID(required=True, allow_none=True)
