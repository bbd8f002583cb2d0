"""Trusted devices, over HTTP."""

from marshmallow import fields

from chassis.http import Answer


class DeviceLine(Answer):
    """``browser`` is what people call it (« Firefox sur Windows »), empty when nobody can tell; ``network`` is masked."""

    id = fields.UUID(required=True)
    browser = fields.String(required=True)
    network = fields.String(required=True)
    first_seen_at = fields.AwareDateTime(required=True)
    last_seen_at = fields.AwareDateTime(required=True)


class DevicesAnswer(Answer):
    items = fields.List(fields.Nested(DeviceLine), required=True)
    next = fields.String(required=True, allow_none=True)
