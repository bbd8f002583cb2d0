"""An applicant's way in, over HTTP: links, letter codes, and codes to come back."""

from marshmallow import fields

from chassis.http import Answer, Request
from identifiers.fields import Email
from services.identity.schemas import parts


class LinkForm(Request):
    """The token of a personal link, or the code of a letter."""

    token = parts.opaque(required=True)


class AccessCodeForm(Request):
    """The e-mail given in the affiliation form."""

    email = Email(required=True)


class ApplicantSessionAnswer(Answer):
    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    affiliation_id = fields.UUID(required=True)


class AccessCodeAnswer(Answer):
    """The same whoever the e-mail belongs to."""

    access_id = fields.UUID(required=True)
    message = fields.String(required=True)
