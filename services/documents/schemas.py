"""Documents over HTTP: what is read and what is said."""

from marshmallow import fields, validate

from chassis.http import Answer, PageById, Request
from chassis.uploads import File
from services.documents.rules import STATES

KEY_MAX = 100


class NewFile(Request):
    file = File(required=True)
    kind = fields.String(required=True, validate=validate.Length(1, KEY_MAX), metadata={"example": "rib"})
    owner = fields.String(load_default=None, validate=validate.Length(1, KEY_MAX), metadata={"example": "company:123456782"})


class FileQuery(PageById):
    owner = fields.String(load_default=None, validate=validate.Length(1, KEY_MAX))
    kind = fields.String(load_default=None, validate=validate.Length(1, KEY_MAX))
    state = fields.String(load_default=None, validate=validate.OneOf(tuple(STATES)))


class StoredFile(Answer):
    id = fields.UUID(required=True)
    owner = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    state_label = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    received_at = fields.DateTime(required=True)


class StoredFilePage(Answer):
    items = fields.List(fields.Nested(StoredFile), required=True)
    next = fields.String(required=True, allow_none=True)


class UploadKind(Answer):
    key = fields.String(required=True)
    label = fields.String(required=True)


class UploadChannel(Answer):
    """What one use accepts: types by content, bytes a file, and how many files an owner keeps of a kind, or a request carries."""

    channel = fields.String(required=True)
    kinds = fields.List(fields.Nested(UploadKind), required=True)
    types = fields.List(fields.String(), required=True)
    max_bytes = fields.Integer(required=True)
    max_files = fields.Integer(required=True)
    counted = fields.String(required=True, metadata={"enum": ["owner", "request"]})


class UploadChannels(Answer):
    items = fields.List(fields.Nested(UploadChannel), required=True)


class LibraryQuery(Request):
    q = fields.String(load_default="", validate=validate.Length(max=100), metadata={"description": "Mots du titre"})


class PublishedVersion(Answer):
    """A version of a document of the base; ``published_by`` is the account of the caseworker."""

    version = fields.Integer(required=True)
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    published_at = fields.DateTime(required=True)
    published_by = fields.UUID(required=True, allow_none=True)


class PublishedVersions(Answer):
    items = fields.List(fields.Nested(PublishedVersion), required=True)


class PublishedFile(Request):
    file = File(required=True)


class LibraryItem(Answer):
    """A document of the base; ``version`` is 0 before the first one is published."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    space = fields.String(required=True)
    version = fields.Integer(required=True)
    size = fields.Integer(required=True, allow_none=True)
    sha256 = fields.String(required=True, allow_none=True)
    published_at = fields.DateTime(required=True, allow_none=True)


class LibraryGroup(Answer):
    group = fields.String(required=True)
    items = fields.List(fields.Nested(LibraryItem), required=True)


class Library(Answer):
    items = fields.List(fields.Nested(LibraryGroup), required=True)
