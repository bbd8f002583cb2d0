"""The tokens of mobile applications, over HTTP."""

from marshmallow import fields

from chassis.http import Answer, Request
from services.identity.schemas.parts import opaque


class RefreshForm(Request):
    """The refresh token of the last pair."""

    refresh_token = opaque(required=True)


class MobilePairAnswer(Answer):
    """``token`` goes with each request; ``refresh_token`` serves once, to get the next pair."""

    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    refresh_token = fields.String(required=True)
    refresh_expires_at = fields.AwareDateTime(required=True)
