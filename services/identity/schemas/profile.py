"""The profile of one's own account, over HTTP."""

from marshmallow import fields

from chassis.http import Answer, Request
from identifiers.fields import Email, Phone
from services.identity.schemas.parts import opaque, password


class EmailForm(Request):
    """A new e-mail, and the password once more."""

    email = Email(required=True)
    password = password()


class PhoneForm(Request):
    """A new mobile, and the password once more."""

    phone = Phone(required=True)
    password = password()


class ObjectionForm(Request):
    """The token of the link that the former address received."""

    token = opaque(required=True)


class ChangeAnswer(Answer):
    """The same whoever else has that address."""

    change_id = fields.UUID(required=True)
    sent_to_hint = fields.String(required=True)


class WaitingChange(Answer):
    id = fields.UUID(required=True)
    what = fields.String(required=True)
    value = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)


class ProfileAnswer(Answer):
    """``hold_until``: sensitive acts wait until then; ``waiting`` are the changes whose code has not been given yet."""

    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    hold_until = fields.AwareDateTime(required=True, allow_none=True)
    waiting = fields.List(fields.Nested(WaitingChange), required=True)
