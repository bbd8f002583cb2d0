"""Declared portabilities (S4:150-168), over HTTP."""

from marshmallow import fields, validate

from chassis import http
from identifiers.fields import Text
from services.members.rules.requests import Answer, PieceState, State, Verb
from services.members.schemas.radiations import OfferedMotive
from services.members.schemas.rights import EmployeePlace, EndMotive, PortabilityOffer

MOST_DOCUMENTS = 6
REASON = 500


class PortabilityBody(http.Request):
    """The last day in the company, the motive, and the documents (their ids in documents) that prove the benefit, if one has them."""

    rights_id = fields.UUID(required=True)
    ended_on = fields.Date(required=True)
    motive = fields.String(required=True, validate=validate.Length(max=3), metadata={"example": "043"})
    documents = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_DOCUMENTS))


class ProofsBody(http.Request):
    """Documents, by their ids in documents."""

    documents = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_DOCUMENTS))


class RefusalBody(http.Request):
    """Why, in the words that the member will read."""

    reason = Text(required=True, max=REASON, lines=True)


class ProofLine(http.Answer):
    """A document; its kind is absent until documents told of it."""

    document_id = fields.UUID(required=True)
    joined_at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in PieceState]))
    state_label = fields.String(required=True)
    refusal = fields.String(required=True, allow_none=True)


class RequestVerb(http.Answer):
    verb = fields.String(required=True, validate=validate.OneOf([verb.value for verb in Verb]))
    label = fields.String(required=True)


class PortabilityLine(http.Answer):
    """A declaration, where it stands and why. ``difference``: the employer's day is another, and wins; ``length`` how long, and why."""

    id = fields.UUID(required=True)
    rights_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    declared_at = fields.AwareDateTime(required=True)
    ended_on = fields.Date(required=True)
    motive = fields.Nested(EndMotive, required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in State]))
    state_label = fields.String(required=True)
    reason = fields.String(required=True)
    difference = fields.String(required=True, allow_none=True)
    length = fields.String(required=True)
    portability = fields.Nested(PortabilityOffer, required=True, allow_none=True)
    proofs = fields.List(fields.Nested(ProofLine), required=True)
    possible = fields.List(fields.Nested(RequestVerb), required=True)


class DeclarableRights(http.Answer):
    """Rights whose end may be declared."""

    rights_id = fields.UUID(required=True)
    establishment = fields.Nested(EmployeePlace, required=True)
    contract_label = fields.String(required=True)
    starts_on = fields.Date(required=True)


class MyPortability(http.Answer):
    items = fields.List(fields.Nested(PortabilityLine), required=True)
    declarable = fields.List(fields.Nested(DeclarableRights), required=True)
    motives = fields.List(fields.Nested(OfferedMotive), required=True)
    proof_kinds = fields.List(fields.String(), required=True)


class PortabilityCase(PortabilityLine):
    """A declaration and who made it."""

    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    member_number = fields.String(required=True)


class PortabilityQuery(http.PageById):
    """Those that wait, or those of one answer."""

    answer = fields.Enum(Answer, by_value=True, load_default=None)


class PortabilityCases(http.Answer):
    items = fields.List(fields.Nested(PortabilityCase), required=True)
    next = fields.UUID(required=True, allow_none=True)
