"""What the edge asks and hears, over HTTP."""

from marshmallow import fields, validate

from chassis.http import Answer, Request
from services.identity.schemas import parts


class QuestionForm(Request):
    """Who the edge asks about."""

    token = parts.opaque(required=True, allow_none=True)
    audience = parts.name()
    brand = parts.name()
    space = parts.name()
    address = fields.String(required=True, validate=[validate.Length(0, 64), parts.printable])


class IdentityAnswer(Answer):
    identity = fields.String(required=True)
    kind = fields.String(required=True)
