"""What changed, and the digest, over HTTP."""

import marshmallow as ma

from chassis import http
from identifiers.fields import Siren, Siret
from services.messaging.rules import CHANGES, FREQUENCIES


class ChangesQuery(http.PageById):
    """A page, of one company, of one establishment, of one kind, or of what is new."""

    siren = Siren(load_default=None)
    siret = Siret(load_default=None)
    kind = ma.fields.String(load_default=None, validate=ma.validate.OneOf(tuple(CHANGES)))
    unread = ma.fields.Boolean(load_default=False, metadata={"description": "Seulement ce qui est nouveau pour moi"})


class ChangeAnswer(http.Answer):
    """One change. ``about`` is ``affiliation:<id>`` or ``rights:<id>``: the line of the follow-up, or of the employees' list."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(CHANGES)))
    kind_label = ma.fields.String(required=True)
    about = ma.fields.String(required=True)
    employee = ma.fields.String(required=True, allow_none=True)
    detail = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)
    unread = ma.fields.Boolean(required=True)


class EstablishmentChanges(http.Answer):
    siren = ma.fields.String(required=True)
    siret = ma.fields.String(required=True)
    company = ma.fields.String(required=True, allow_none=True)
    establishment = ma.fields.String(required=True, allow_none=True)
    changes = ma.fields.List(ma.fields.Nested(ChangeAnswer), required=True)


class DayOfChanges(http.Answer):
    """What came on one day; the next page may go on with the same day and the same establishment."""

    on = ma.fields.Date(required=True)
    establishments = ma.fields.List(ma.fields.Nested(EstablishmentChanges), required=True)


class SinceAnswer(http.Answer):
    """``newest`` is what to mark as seen after reading from the top; ``seen_at`` is when the mark was last moved."""

    unread = ma.fields.Integer(required=True)
    newest = ma.fields.UUID(required=True, allow_none=True)
    seen_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class ChangesPage(SinceAnswer):
    items = ma.fields.List(ma.fields.Nested(DayOfChanges), required=True)
    next = ma.fields.UUID(required=True, allow_none=True)


class SeenForm(http.Request):
    """The newest change that one has seen."""

    up_to = ma.fields.UUID(required=True)


class DigestForm(http.Request):
    frequency = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(FREQUENCIES)))


class DigestChoice(http.Answer):
    key = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class DigestAnswer(http.Answer):
    """How often one is written to about what changed; ``next_at`` is when the next e-mail may leave."""

    frequency = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(FREQUENCIES)))
    frequency_label = ma.fields.String(required=True)
    next_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    choices = ma.fields.List(ma.fields.Nested(DigestChoice), required=True)
