"""Deleting one's account, over HTTP."""

from marshmallow import fields

from chassis.http import Answer, Request
from services.identity.schemas.parts import password


class DeletionForm(Request):
    """The password, once more."""

    password = password()


class StaysAnswer(Answer):
    what = fields.String(required=True)
    until = fields.String(required=True)
    source = fields.String(required=True)


class ReceiptAnswer(Answer):
    """``erased`` goes at once; each line of ``kept`` says until when and by which text. ``deleted_at`` is null before the deletion."""

    deleted_at = fields.AwareDateTime(required=True, allow_none=True)
    erased = fields.List(fields.String(), required=True)
    kept = fields.List(fields.Nested(StaysAnswer), required=True)
