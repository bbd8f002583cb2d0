"""Copies of one's data, over HTTP."""

from marshmallow import fields

from chassis.http import Answer


class CopyLine(Answer):
    """``document_id`` is the archive, to download from documents once ``state`` is ``ready`` and until ``expires_at``."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    ready_at = fields.AwareDateTime(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    document_id = fields.UUID(required=True, allow_none=True)


class CopiesAnswer(Answer):
    items = fields.List(fields.Nested(CopyLine), required=True)
    next = fields.String(required=True, allow_none=True)
