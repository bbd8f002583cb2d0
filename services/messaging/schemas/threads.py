"""The mailbox over HTTP."""

import marshmallow as ma

from chassis import http
from identifiers.fields import Siren, Text
from services.messaging.rules import AUTHORS, THREAD_STATES

MOST_DOCUMENTS = 20
"""What can be read at all; the brand says how many a message carries."""


class ThreadsQuery(http.PageById):
    """A page of conversations, those of one state if it is given."""

    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(THREAD_STATES))


class MessageForm(http.Request):
    """A message: its words, and the documents that were sent to the documents service before."""

    text = Text(max=5_000, lines=True, required=True)
    documents = ma.fields.List(ma.fields.UUID(), load_default=list, validate=ma.validate.Length(max=MOST_DOCUMENTS))


class ThreadForm(MessageForm):
    """A first message. ``company`` is asked of an employer who acts for several; ``employee`` is the id of a line of the follow-up, or of
    the employees' list."""

    motif = ma.fields.String(required=True, validate=ma.validate.Length(1, 60))
    object = Text(max=150, required=True)
    company = Siren(load_default=None)
    employee = ma.fields.UUID(load_default=None)


class MotifsQuery(http.Request):
    """For which company one would write: what is offered first may depend on its payroll."""

    company = Siren(load_default=None)


class OfferAnswer(http.Answer):
    """What does it at once: a page of the space, and the operation of this API behind it."""

    label = ma.fields.String(required=True)
    why = ma.fields.String(required=True)
    page = ma.fields.String(required=True)
    api = ma.fields.String(required=True)


class MotifAnswer(http.Answer):
    """What one may write about; ``offers`` do it at once, and are shown first."""

    key = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    days = ma.fields.Integer(required=True, metadata={"description": "Jours ouvrés avant la réponse"})
    delay = ma.fields.String(required=True)
    about_employee = ma.fields.Boolean(required=True)
    offers = ma.fields.List(ma.fields.Nested(OfferAnswer), required=True)


class MotifGroup(http.Answer):
    group = ma.fields.String(required=True)
    motifs = ma.fields.List(ma.fields.Nested(MotifAnswer), required=True)


class MotifsAnswer(http.Answer):
    """The motives, how the answer is announced, and how many documents a message carries; their types and sizes are the documents' own."""

    reply = ma.fields.String(required=True)
    most_documents = ma.fields.Integer(required=True)
    items = ma.fields.List(ma.fields.Nested(MotifGroup), required=True)


class ThreadLine(http.Answer):
    """A conversation in a list."""

    id = ma.fields.UUID(required=True)
    motif = ma.fields.String(required=True)
    motif_label = ma.fields.String(required=True)
    object = ma.fields.String(required=True)
    company = ma.fields.String(required=True, allow_none=True)
    employee = ma.fields.String(required=True, allow_none=True)
    about = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(THREAD_STATES))
    state_label = ma.fields.String(required=True)
    opened_at = ma.fields.AwareDateTime(required=True)
    last_at = ma.fields.AwareDateTime(required=True)
    read = ma.fields.Boolean(required=True)
    promise = ma.fields.String(required=True, allow_none=True)


class ThreadPage(http.Answer):
    """A page of the mailbox, and how many answers wait to be read in all."""

    items = ma.fields.List(ma.fields.Nested(ThreadLine), required=True)
    next = ma.fields.UUID(required=True, allow_none=True)
    unread = ma.fields.Integer(required=True)


class MessageAnswer(http.Answer):
    id = ma.fields.UUID(required=True)
    author = ma.fields.String(required=True, validate=ma.validate.OneOf(AUTHORS))
    author_label = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    documents = ma.fields.List(ma.fields.UUID(), required=True)
    at = ma.fields.AwareDateTime(required=True)


class ThreadAnswer(ThreadLine):
    """A conversation with its messages."""

    messages = ma.fields.List(ma.fields.Nested(MessageAnswer), required=True)
