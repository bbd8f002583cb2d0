"""Contracts, rights, people and the card, over HTTP."""

from marshmallow import fields, validate

from chassis import http
from chassis.labels import _
from identifiers.fields import Phone, Siren, Siret, Text
from services.members.lifecycle import FILTERS, Move, Status
from services.members.rules.facts import FactState

INSURER_CODE = r"P[0-9]{4}|[0-9]{9}|A[A-Z0-9]{5}|[A-Z0-9]{9}"
"""S21.G00.15.002: an institution, a mutual, an insurer, or an isolated one."""
MOST_GUARANTEES = 40


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


class NewContract(http.Request):
    """A company's contract."""

    siren = Siren(required=True)
    reference = Text(required=True, max=30)
    insurer_code = fields.String(required=True, validate=_shaped(INSURER_CODE, _("Ce code organisme n'est pas valable (rubrique 15.002).")))
    label = Text(required=True, max=80)
    population = Text(required=True, max=30)
    starts_on = fields.Date(required=True)
    guarantees = fields.List(fields.Nested(GuaranteeBody), load_default=list, validate=validate.Length(max=MOST_GUARANTEES))
    card = fields.Nested(CardBody, required=True)


class ContractCreated(http.Answer):
    contract_id = fields.UUID(required=True, attribute="id")


class FactsQuery(http.Request):
    """Which facts of the feed."""

    state = fields.Enum(FactState, by_value=True, load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.UUID(load_default=None)


class FeedFact(http.Answer):
    """A fact of a payroll feed and what became of it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    siret = fields.String(required=True)
    nature = fields.String(required=True)
    type = fields.String(required=True)
    declaration = fields.String(required=True)
    told_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in FactState]))
    state_label = fields.String(required=True)
    reason = fields.String(required=True)
    last_name = fields.String()
    first_name = fields.String()
    nir_masked = fields.String(allow_none=True)
    employment_number = fields.String()
    employment_starts_on = fields.Date()
    ended_on = fields.Date()
    motive = fields.String(allow_none=True)


class FeedFacts(http.Answer):
    items = fields.List(fields.Nested(FeedFact), required=True)
    next = fields.UUID(required=True, allow_none=True)


class ProofBody(http.Request):
    """When the proof of unemployment benefit came."""

    received_on = fields.Date(required=True)


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


class EmployeePlace(http.Answer):
    siret = fields.String(required=True)
    name = fields.String(required=True)


class EndMotive(http.Answer):
    code = fields.String(required=True)
    label = fields.String(required=True)


class PortabilityOffer(http.Answer):
    """The portability offered: months, and its last day."""

    months = fields.Integer(required=True)
    ends_on = fields.Date(required=True)


class _Standing(http.Answer):
    status = fields.String(required=True, validate=validate.OneOf([status.value for status in Status]))
    status_label = fields.String(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    reason = fields.String(required=True)
    motive = fields.Nested(EndMotive, required=True, allow_none=True)
    portability = fields.Nested(PortabilityOffer, required=True, allow_none=True)


class RightsLine(_Standing):
    """One row of rights."""

    rights_id = fields.UUID(required=True)
    establishment = fields.Nested(EmployeePlace, required=True)
    contract_reference = fields.String(required=True)
    contract_label = fields.String(required=True)
    professional_status = fields.String(required=True)
    starts_on = fields.Date(required=True)


class InsuredEmployee(RightsLine):
    """A row of « Mes salariés affiliés »."""

    last_name = fields.String(required=True)
    first_name = fields.String(required=True)
    nir_masked = fields.String(required=True)
    spouse_covered = fields.Boolean(required=True)


class InsuredEmployees(http.Answer):
    items = fields.List(fields.Nested(InsuredEmployee), required=True)
    next = fields.UUID(required=True, allow_none=True)


class MovementLine(_Standing):
    """One line of the history of rights."""

    at = fields.AwareDateTime(required=True)
    move = fields.String(required=True, validate=validate.OneOf([move.value for move in Move]))
    move_label = fields.String(required=True)


class InsuredEmployeeDetail(InsuredEmployee):
    history = fields.List(fields.Nested(MovementLine), required=True)


class MyRights(http.Answer):
    items = fields.List(fields.Nested(RightsLine), required=True)


class GuaranteeLine(http.Answer):
    domain = fields.String(required=True)
    label = fields.String(required=True)
    level = fields.String(required=True)


class MyContract(RightsLine):
    population = fields.String(required=True)
    guarantees = fields.List(fields.Nested(GuaranteeLine), required=True)


class MyContracts(http.Answer):
    items = fields.List(fields.Nested(MyContract), required=True)


class BeneficiaryLine(http.Answer):
    """Somebody covered; ``covered`` says whether that is so today."""

    kinship = fields.String(required=True, validate=validate.OneOf(["member", "spouse", "child", "other"]))
    kinship_label = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    birth_on = fields.Date(required=True)
    nir_masked = fields.String(required=True, allow_none=True)
    covered = fields.Boolean(required=True)


class MyBeneficiaries(http.Answer):
    items = fields.List(fields.Nested(BeneficiaryLine), required=True)


class CardBlock(http.Answer):
    """The normalised block: five data."""

    amc_number = fields.String(required=True)
    convention_type = fields.String(required=True)
    csr = fields.String(required=True)
    member_number = fields.String(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class CardLine(http.Answer):
    kinship = fields.String(required=True)
    last_name = fields.String(required=True)
    first_name = fields.String(required=True)
    birth_on = fields.Date(required=True)
    nir = fields.String(required=True)


class CardAnswer(http.Answer):
    """The card of today, as data; ``datamatrix`` is the text of the symbol."""

    name = fields.String(required=True)
    regime = fields.String(required=True)
    mention = fields.String(required=True)
    contract_label = fields.String(required=True)
    employer = fields.String(required=True)
    block = fields.Nested(CardBlock, required=True)
    responsible = fields.Boolean(required=True)
    check = fields.String(required=True)
    datamatrix = fields.String(required=True)
    beneficiaries = fields.List(fields.Nested(CardLine), required=True)
    guarantees = fields.List(fields.Nested(GuaranteeLine), required=True)


class AccessesQuery(http.Request):
    """A page: ``after`` is the ``next`` of the page before."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.Integer(load_default=None, validate=validate.Range(1, 2**63 - 1))


class AccessLine(http.Answer):
    """One look at one's file: which kind of person, of which organisation, what; never a name."""

    at = fields.AwareDateTime(required=True)
    role = fields.String(required=True)
    role_label = fields.String(required=True)
    organisation = fields.String(required=True)
    what = fields.String(required=True)
    what_label = fields.String(required=True)


class MyAccesses(http.Answer):
    items = fields.List(fields.Nested(AccessLine), required=True)
    next = fields.Integer(required=True, allow_none=True)


class ContactBody(http.Request):
    """Where letters go, and a landline if there is one."""

    landline = Phone(load_default=None, allow_none=True)
    address = Text(required=True, max=300, lines=True)


class MyContact(http.Answer):
    landline = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
