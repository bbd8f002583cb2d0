"""The follow-up in and out (S1:230-249)."""

from marshmallow import fields, validate

from chassis.http import Answer, PageQuery, Request
from identifiers.fields import Siren, Siret, Text
from services.affiliation.lifecycle import State, Verb


class FollowUpQuery(PageQuery):
    """Filters of the follow-up."""

    siren = Siren(load_default=None)
    siret = Siret(load_default=None)
    status = fields.String(load_default=None, validate=validate.OneOf([str(state) for state in State]))


class AbandonReason(Request):
    """Why the journey is interrupted, for the history."""

    reason = Text(max=300, lines=True, required=True)


class PossibleAction(Answer):
    """A button: what the state lets this person do."""

    verb = fields.Enum(Verb, by_value=True, required=True)
    label = fields.String(required=True)


class AffiliationRow(Answer):
    """A line of the follow-up."""

    id = fields.UUID(required=True)
    siren = fields.String(required=True)
    siret = fields.String(required=True)
    establishment = fields.String(required=True)
    employee = fields.String(required=True, metadata={"description": "Prénom Nom"})
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    contract_reference = fields.String(required=True)
    contract_label = fields.String(required=True)
    professional_status = fields.String(required=True)
    starts_on = fields.Date(required=True)
    medium = fields.String(required=True, validate=validate.OneOf(["email", "post"]))
    medium_label = fields.String(required=True)
    status = fields.Enum(State, by_value=True, required=True)
    status_label = fields.String(required=True)
    date = fields.Date(required=True)
    date_label = fields.String(required=True, metadata={"description": "jj/mm/aaaa"})
    expires_at = fields.DateTime(required=True, allow_none=True)
    actions = fields.List(fields.Nested(PossibleAction), required=True)


class FollowUpColumn(Answer):
    """A column of the follow-up: the key of a line, and its title word for word."""

    key = fields.String(required=True)
    label = fields.String(required=True)


class FollowUpPage(Answer):
    """A page of the follow-up; ``next`` is the cursor of the page after."""

    columns = fields.List(fields.Nested(FollowUpColumn), required=True)
    items = fields.List(fields.Nested(AffiliationRow), required=True)
    next = fields.String(required=True, allow_none=True)


class AffiliationMove(Answer):
    """A line of the history."""

    verb = fields.Enum(Verb, by_value=True, required=True)
    verb_label = fields.String(required=True)
    status = fields.Enum(State, by_value=True, required=True)
    status_label = fields.String(required=True)
    at = fields.DateTime(required=True)
    date = fields.Date(required=True)
    date_label = fields.String(required=True)
    by = fields.String(required=True)
    by_label = fields.String(required=True)
    medium = fields.String(required=True, allow_none=True)
    medium_label = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class HandedOverNotice(Answer):
    """A mail or a letter that left for the person."""

    channel = fields.String(required=True)
    channel_label = fields.String(required=True)
    template = fields.String(required=True)
    at = fields.DateTime(required=True)


class AffiliationDetail(AffiliationRow):
    """A line with its dated history."""

    history = fields.List(fields.Nested(AffiliationMove), required=True)
    notices = fields.List(fields.Nested(HandedOverNotice), required=True)
