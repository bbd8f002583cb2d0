"""What messaging says over HTTP."""

import marshmallow as ma

from chassis import http


class NoticeAnswer(http.Answer):
    """One line of the bell."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)
    read = ma.fields.Boolean(required=True)


class NoticesAnswer(http.Answer):
    """A page of the bell, how many notices wait to be read in all, and how many changes an employer has not seen."""

    items = ma.fields.List(ma.fields.Nested(NoticeAnswer), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    unread = ma.fields.Integer(required=True)
    changes_unread = ma.fields.Integer(required=True)


class UndeliveredAnswer(http.Answer):
    """A message that no carrier took. ``about`` is its subject (``affiliation:<id>``, ``rights:<id>``…), ``reason`` a sentence."""

    id = ma.fields.UUID(required=True)
    template = ma.fields.String(required=True)
    channel = ma.fields.String(required=True, validate=ma.validate.OneOf(("email", "sms", "post")))
    channel_label = ma.fields.String(required=True)
    about = ma.fields.String(required=True)
    company = ma.fields.String(required=True, allow_none=True)
    reason = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)


class UndeliveredPage(http.Answer):
    items = ma.fields.List(ma.fields.Nested(UndeliveredAnswer), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class CaughtMessageAnswer(http.Answer):
    """A message of the demo. ``pdf`` is where the letter is, below this service; ``code`` and ``link`` repeat what the text says."""

    id = ma.fields.UUID(required=True)
    channel = ma.fields.String(required=True, validate=ma.validate.OneOf(("email", "sms", "post")))
    brand = ma.fields.String(required=True)
    to = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    html = ma.fields.String(required=True, allow_none=True)
    link = ma.fields.String(required=True, allow_none=True)
    code = ma.fields.String(required=True, allow_none=True)
    has_pdf = ma.fields.Boolean(required=True)
    pdf = ma.fields.String(required=True, allow_none=True)
    at = ma.fields.AwareDateTime(required=True)


class CaughtMessagesAnswer(http.Answer):
    """A page of caught messages, newest first."""

    items = ma.fields.List(ma.fields.Nested(CaughtMessageAnswer), required=True)
    next = ma.fields.String(required=True, allow_none=True)
