"""Radiations told directly (S1:314), over HTTP."""

from marshmallow import fields, validate

from chassis import http
from identifiers.fields import Text
from services.members.rules.radiations import SOURCE_LABELS, Verb
from services.members.schemas.rights import EndMotive, Standing

MOST_LINES = 200
MESSAGE = 500


class RadiationBody(http.Request):
    """The last day in the company and the motive, from the list of motives."""

    ended_on = fields.Date(required=True)
    motive = fields.String(required=True, validate=validate.Length(max=3), metadata={"example": "043"})
    message = Text(max=MESSAGE, lines=True, load_default=None, allow_none=True)


class WithdrawalBody(http.Request):
    """That the radiation is taken back, and why if one likes."""

    message = Text(max=MESSAGE, lines=True, load_default=None, allow_none=True)


class ReasonedRadiation(http.Request):
    """What a caseworker registers for an employer, and why."""

    ended_on = fields.Date(required=True)
    motive = fields.String(required=True, validate=validate.Length(max=3), metadata={"example": "043"})
    message = Text(max=MESSAGE, lines=True, required=True, data_key="reason")


class ReasonedWithdrawal(http.Request):
    """That a caseworker takes a radiation back, and why."""

    message = Text(max=MESSAGE, lines=True, required=True, data_key="reason")


class RadiationLine(RadiationBody):
    """One line of a list."""

    rights_id = fields.UUID(required=True)


class RadiationList(http.Request):
    """People of one company who left, each once."""

    radiations = fields.List(fields.Nested(RadiationLine), required=True, validate=validate.Length(1, MOST_LINES))


class RadiationVerb(http.Answer):
    """A button."""

    verb = fields.String(required=True, validate=validate.OneOf([verb.value for verb in Verb]))
    label = fields.String(required=True)


class RadiationWord(http.Answer):
    """One line of what was said directly."""

    at = fields.AwareDateTime(required=True)
    verb = fields.String(required=True, validate=validate.OneOf([verb.value for verb in Verb]))
    verb_label = fields.String(required=True)
    ended_on = fields.Date(required=True, allow_none=True)
    motive = fields.Nested(EndMotive, required=True, allow_none=True)
    message = fields.String(required=True, allow_none=True)
    source = fields.String(required=True, validate=validate.OneOf(list(SOURCE_LABELS)))
    source_label = fields.String(required=True)
    by_me = fields.Boolean(required=True)


class RadiationSheet(Standing):
    """Where rights stand, what can be done about their end, and what was said. ``refusal`` says why nobody can be radiated here."""

    rights_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)
    possible = fields.List(fields.Nested(RadiationVerb), required=True)
    refusal = fields.String(required=True, allow_none=True)
    told = fields.List(fields.Nested(RadiationWord), required=True)


class OfferedMotive(http.Answer):
    """A motive in words, and what it means for the cover."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    follows = fields.String(required=True)


class OfferedMotives(http.Answer):
    items = fields.List(fields.Nested(OfferedMotive), required=True)


class ActLine(http.Answer):
    rights_id = fields.UUID(required=True)
    ended_on = fields.String(required=True)
    motive = fields.String(required=True)
    message = fields.String(required=True, allow_none=True)


class RadiationAct(http.Answer):
    """A list that waits for a second person. ``asked_by_me``: somebody else approves it."""

    id = fields.UUID(required=True)
    siren = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    asked_by_me = fields.Boolean(required=True)
    asked_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    radiations = fields.List(fields.Nested(ActLine), required=True)


class RadiationsTold(http.Answer):
    """What came of a list: done at once, or waiting as an act."""

    done = fields.Boolean(required=True)
    message = fields.String(required=True)
    act = fields.Nested(RadiationAct, required=True, allow_none=True)


class RadiationActs(http.Answer):
    items = fields.List(fields.Nested(RadiationAct), required=True)
    next = fields.UUID(required=True, allow_none=True)
