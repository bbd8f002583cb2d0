"""What people signed in ask about themselves, over HTTP."""

from marshmallow import fields

from chassis.http import Answer


class MeAnswer(Answer):
    kind = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    space = fields.String(required=True)
    brand = fields.String(required=True)
    grants = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    reference = fields.String(required=True)
    strong = fields.Boolean(required=True)
    hold_until = fields.AwareDateTime(required=True, allow_none=True)


class SessionLine(Answer):
    """``browser`` is what people call it (« Firefox sur Windows »), empty when nobody can tell; ``network`` is masked."""

    id = fields.UUID(required=True)
    browser = fields.String(required=True)
    network = fields.String(required=True)
    mobile = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    last_seen_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    strong = fields.Boolean(required=True)
    current = fields.Boolean(required=True)


class SessionsAnswer(Answer):
    items = fields.List(fields.Nested(SessionLine), required=True)
    next = fields.String(required=True, allow_none=True)
