"""The platform's own people, over HTTP."""

from marshmallow import fields, validate

from chassis.http import Answer, Request
from identifiers.fields import Email, PersonName

ROLES = ("read", "handle", "administer")


class NewCaseworker(Request):
    first_name = PersonName(required=True)
    last_name = PersonName(required=True)
    email = Email(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))


class RoleForm(Request):
    role = fields.String(required=True, validate=validate.OneOf(ROLES))


class CaseworkerAnswer(Answer):
    """``id`` stays the same from the invitation to the account."""

    id = fields.UUID(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    invitation_expires_at = fields.AwareDateTime(required=True, allow_none=True)


class CaseworkersAnswer(Answer):
    items = fields.List(fields.Nested(CaseworkerAnswer), required=True)
