"""Signing in, over HTTP: the password, then the second factor."""

from marshmallow import fields, validate

from chassis.http import Answer, Request
from identifiers.fields import Email, Phone
from services.identity.rules.second_factor import FACTORS
from services.identity.schemas import parts
from services.identity.schemas.terms import TermsAnswer


class SignInForm(Request):
    """An e-mail and its password; ``device`` is the token of a trusted browser."""

    email = Email(required=True)
    password = parts.password()
    device = parts.opaque(load_default=None, allow_none=True)


class ChallengeCodeForm(Request):
    """Where to send the code; ``phone`` only when none is on file."""

    channel = fields.String(required=True, validate=validate.OneOf(parts.CHANNELS))
    phone = Phone(load_default=None, allow_none=True)


class SecondFactorForm(Request):
    """The second factor, which one it is (``code``: it was sent; ``totp``; ``recovery``), and whether to trust this browser."""

    code = parts.opaque(40, required=True)
    factor = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(FACTORS))
    trust_device = fields.Boolean(load_default=False)


class SignedInAnswer(Answer):
    """A session; ``device`` is the new token of a trusted browser, ``terms_to_accept`` conditions that changed since they were accepted."""

    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    device = fields.String(allow_none=True)
    terms_to_accept = fields.Nested(TermsAnswer, required=True, allow_none=True)


class ChallengeAnswer(Answer):
    """The password was right, a second factor is needed: why, and where its code can go."""

    challenge_id = fields.UUID(required=True)
    trigger = fields.String(required=True)
    explanation = fields.String(required=True)
    channels = fields.List(fields.String(), required=True)
    phone_hint = fields.String(required=True, allow_none=True)
    needs_phone = fields.Boolean(required=True)


class CodeSentAnswer(Answer):
    sent_to_hint = fields.String(required=True)


class NextStepAnswer(Answer):
    """``next`` is ``phone``: the e-mail is proved, a phone number must be given and proved."""

    next = fields.String(required=True)
