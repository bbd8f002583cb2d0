"""The platform's own people, over HTTP."""

from marshmallow import fields, validate

from chassis.http import Answer, Request
from identifiers.fields import Email, PersonName, Text

REASON_MAX = 300
ROLES = ("read", "handle", "administer")


class NewCaseworker(Request):
    first_name = PersonName(required=True)
    last_name = PersonName(required=True)
    email = Email(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))


class RoleForm(Request):
    role = fields.String(required=True, validate=validate.OneOf(ROLES))


class RearmingForm(Request):
    """Why a colleague's access has to be given back; another administrator reads it."""

    reason = Text(max=REASON_MAX, required=True)


class RearmingAnswer(Answer):
    """What waits for another administrator. ``asked_by_me``: somebody else approves it."""

    reason = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    asked_by_me = fields.Boolean(required=True)


class CaseworkerAnswer(Answer):
    """``id`` stays the same from the invitation to the account; ``rearming`` waits for another administrator to approve it."""

    id = fields.UUID(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    invitation_expires_at = fields.AwareDateTime(required=True, allow_none=True)
    rearming = fields.Nested(RearmingAnswer, required=True, allow_none=True)


class CaseworkersAnswer(Answer):
    items = fields.List(fields.Nested(CaseworkerAnswer), required=True)
