"""What one accepts to be written to about, over HTTP."""

from marshmallow import fields, validate

from chassis.http import Answer, Request
from services.identity.rules.consents import CHANNELS, PURPOSES


class ConsentForm(Request):
    """One answer."""

    purpose = fields.String(required=True, validate=validate.OneOf(tuple(PURPOSES)))
    channel = fields.String(required=True, validate=validate.OneOf(tuple(CHANNELS)))
    given = fields.Boolean(required=True)


class ConsentLine(Answer):
    """``given`` and ``at`` are null while nothing was answered: nothing is sent then."""

    purpose = fields.String(required=True)
    purpose_label = fields.String(required=True)
    channel = fields.String(required=True)
    channel_label = fields.String(required=True)
    given = fields.Boolean(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True, allow_none=True)


class ConsentsAnswer(Answer):
    items = fields.List(fields.Nested(ConsentLine), required=True)
    next = fields.String(required=True, allow_none=True)
