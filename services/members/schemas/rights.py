"""Contracts, rights, people and the card, over HTTP."""

from marshmallow import fields, validate

from chassis import http
from identifiers.fields import Phone, Text
from services.members.lifecycle import Move, Status
from services.members.rules.facts import FactState


class FactsQuery(http.PageById):
    """Which facts of the feed."""

    state = fields.Enum(FactState, by_value=True, load_default=None)


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


class EmployeePlace(http.Answer):
    siret = fields.String(required=True)
    name = fields.String(required=True)


class EndMotive(http.Answer):
    code = fields.String(required=True)
    label = fields.String(required=True)


class CountedContract(http.Answer):
    """One of the consecutive contracts with the same employer."""

    starts_on = fields.Date(required=True)
    ended_on = fields.Date(required=True)


class PortabilityCount(http.Answer):
    """How the months were counted (CSS L911-8): ``by`` the contracts that follow one another or the seniority declared, whichever is the
    longer; ``capped`` by the twelve months of the law. ``starts_on`` is the day after the end."""

    by = fields.String(required=True, validate=validate.OneOf(["employment", "seniority"]))
    contracts = fields.List(fields.Nested(CountedContract), required=True)
    months_employed = fields.Integer(required=True)
    seniority_months = fields.Integer(required=True, allow_none=True)
    capped = fields.Boolean(required=True)
    starts_on = fields.Date(required=True)


class PortabilityOffer(http.Answer):
    """The portability offered: months, and its last day; ``counted`` where its length is explained."""

    months = fields.Integer(required=True)
    ends_on = fields.Date(required=True)
    counted = fields.Nested(PortabilityCount)


class Standing(http.Answer):
    status = fields.String(required=True, validate=validate.OneOf([status.value for status in Status]))
    status_label = fields.String(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    reason = fields.String(required=True)
    motive = fields.Nested(EndMotive, required=True, allow_none=True)
    portability = fields.Nested(PortabilityOffer, required=True, allow_none=True)


class RightsLine(Standing):
    """One row of rights."""

    rights_id = fields.UUID(required=True)
    establishment = fields.Nested(EmployeePlace, required=True)
    contract_reference = fields.String(required=True)
    contract_label = fields.String(required=True)
    professional_status = fields.String(required=True)
    starts_on = fields.Date(required=True)


class MovementLine(Standing):
    """One line of the history of rights."""

    at = fields.AwareDateTime(required=True)
    move = fields.String(required=True, validate=validate.OneOf([move.value for move in Move]))
    move_label = fields.String(required=True)


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


class AccessesQuery(http.Page):
    """A page of the trail."""

    after = fields.Integer(load_default=None, validate=validate.Range(1, 2**63 - 1))


class AccessLine(http.Answer):
    """One look at one's file: which kind of person, with which profile, of which organisation, what; never a name."""

    at = fields.AwareDateTime(required=True)
    role = fields.String(required=True)
    role_label = fields.String(required=True)
    profile_label = fields.String(required=True, allow_none=True)
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
