"""The follow-up in and out (S1:230-249)."""

from typing import Any, ClassVar
from uuid import UUID

from marshmallow import fields, validate

from chassis.http import Answer, PageQuery, Request
from identifiers import paper
from identifiers.fields import Email, Identifier, Siren, Siret, Text
from services.affiliation.lifecycle import State, Verb
from services.affiliation.rules import PieceState

MEDIA = ("email", "post")


class PaperCode(Identifier):
    """The code under the symbol of a paper form, as it was typed; loaded as the end of the journey's id."""

    longest = 20
    described: ClassVar[dict[str, Any]] = {"format": "paper-code", "example": paper.code(UUID(int=7))}

    def read(self, typed: str) -> str:
        return paper.parse(typed)


class FollowUpExport(Request):
    """Filters of the follow-up; dates are those of the status, both included."""

    siren = Siren(load_default=None)
    siret = Siret(load_default=None)
    status = fields.String(load_default=None, validate=validate.OneOf([str(state) for state in State]))
    medium = fields.String(load_default=None, validate=validate.OneOf(MEDIA))
    code = PaperCode(load_default=None)
    from_on = fields.Date(load_default=None)
    to_on = fields.Date(load_default=None)


class FollowUpQuery(FollowUpExport, PageQuery):
    """The same, a page at a time."""


class FollowUpSearch(FollowUpQuery):
    """The same in a body, where a name may stand: it never does in an address."""

    name = Text(max=100, load_default=None, metadata={"description": "Le début du nom, puis du prénom"})


class PapersQuery(Request):
    """A page of the paper bulletins that wait; ``after`` is the ``next`` of the page before."""

    limit = fields.Integer(load_default=50, strict=False, validate=validate.Range(1, 200))
    after = fields.UUID(load_default=None)


class PauseReason(Request):
    """Up to which day somebody is left alone, that day included, and why."""

    until_on = fields.Date(required=True)
    reason = Text(max=300, lines=True, required=True)


class NewContact(Request):
    """Where the form goes from now on: an e-mail address, else a postal one."""

    email = Email(load_default=None, allow_none=True)
    address = Text(max=300, lines=True, load_default=None, allow_none=True)


class UndeliveredReason(Request):
    """What the post wrote on the envelope that came back."""

    reason = Text(max=300, required=True)


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
    code = fields.String(required=True, metadata={"description": "Le code imprimé sur le bulletin papier"})
    employee = fields.String(required=True, metadata={"description": "Prénom Nom"})
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    contract_reference = fields.String(required=True)
    contract_label = fields.String(required=True)
    professional_status = fields.String(required=True)
    starts_on = fields.Date(required=True)
    medium = fields.String(required=True, validate=validate.OneOf(MEDIA))
    medium_label = fields.String(required=True)
    status = fields.Enum(State, by_value=True, required=True)
    status_label = fields.String(required=True)
    date = fields.Date(required=True)
    date_label = fields.String(required=True, metadata={"description": "jj/mm/aaaa"})
    expires_at = fields.DateTime(required=True, allow_none=True)
    via = fields.String(required=True, allow_none=True, validate=validate.OneOf(["online", "paper"]))
    via_label = fields.String(required=True, allow_none=True)
    remind_at = fields.DateTime(required=True, allow_none=True)
    paused_until = fields.Date(required=True, allow_none=True)
    undelivered = fields.Boolean(required=True, metadata={"description": "Le dernier envoi n'a pas atteint le salarié"})
    restarts = fields.UUID(required=True, allow_none=True)
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


class WaitingPaper(Answer):
    """A bulletin that came back on paper: the file in documents, and the journey it belongs to."""

    document_id = fields.UUID(required=True)
    state = fields.Enum(PieceState, by_value=True, required=True)
    state_label = fields.String(required=True)
    affiliation = fields.Nested(AffiliationRow, required=True)


class WaitingPapers(Answer):
    """A page of them; ``next`` is the cursor of the page after."""

    items = fields.List(fields.Nested(WaitingPaper), required=True)
    next = fields.UUID(required=True, allow_none=True)


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
