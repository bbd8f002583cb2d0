"""The general conditions, over HTTP."""

from marshmallow import fields

from chassis.http import Answer, Request
from services.identity.schemas import parts


class AcceptedTermsForm(Request):
    """The version that was read."""

    terms_version = parts.opaque(40, required=True)


class TermsAnswer(Answer):
    version = fields.String(required=True)
    text = fields.String(required=True)


class AcceptanceLine(Answer):
    """``digest`` is the SHA-256 of the words that were accepted, in hexadecimal."""

    version = fields.String(required=True)
    digest = fields.String(required=True)
    accepted_at = fields.AwareDateTime(required=True)


class OwnTermsAnswer(Answer):
    """The conditions in force, whether they wait to be accepted, and what was accepted, the latest first."""

    in_force = fields.Nested(TermsAnswer, required=True)
    to_accept = fields.Boolean(required=True)
    accepted = fields.List(fields.Nested(AcceptanceLine), required=True)
