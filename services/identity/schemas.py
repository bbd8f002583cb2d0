"""What identity reads and says over HTTP."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.http import Answer, Request
from chassis.labels import _
from identifiers.fields import Email, Phone

CHANNELS = ("email", "sms")
UNREADABLE = _("Ce texte contient un caractère qui n'est pas accepté ici.")


def _encodable(text: str) -> None:
    """Half of a surrogate pair is JSON but no text: nothing can hash it. Whatever else is typed is only wrong."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ma.ValidationError(UNREADABLE)


def _printable(text: str) -> None:
    if not (text.isascii() and text.isprintable()):
        raise ma.ValidationError(UNREADABLE)


def _opaque(longest: int = 200, **options: Any) -> fields.String:
    """A token or a code: hashed, compared, never stored nor shown."""
    return fields.String(validate=[validate.Length(1, longest), _encodable], **options)


def _password() -> fields.String:
    return fields.String(required=True, validate=[validate.Length(1, 1_000), _encodable], metadata={"format": "password"})


def _name() -> fields.String:
    """A name of ours: a service, a brand, a space."""
    return fields.String(required=True, validate=[validate.Length(1, 40), _printable])


class ActivationForm(Request):
    """An e-mail, and where the code should go."""

    email = Email(required=True)
    channel = fields.String(load_default="email", validate=validate.OneOf(CHANNELS))


class CodeForm(Request):
    """A code as it was read, with or without spaces and dashes."""

    code = _opaque(40, required=True)


class PasswordForm(Request):
    """The password and the terms, with the proof of the step before."""

    proof = _opaque(required=True)
    password = _password()
    terms_version = _opaque(40, required=True)


class SignInForm(Request):
    """An e-mail and its password; ``device`` is the token of a trusted browser."""

    email = Email(required=True)
    password = _password()
    device = _opaque(load_default=None, allow_none=True)


class ChallengeCodeForm(Request):
    """Where to send the code; ``phone`` only when none is on file."""

    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    phone = Phone(load_default=None, allow_none=True)


class SecondFactorForm(Request):
    """The second factor, and whether this browser is to be trusted from now on."""

    code = _opaque(40, required=True)
    trust_device = fields.Boolean(load_default=False)


class LinkForm(Request):
    """The token of a personal link, or the code of a letter."""

    token = _opaque(required=True)


class AccessCodeForm(Request):
    """The e-mail given in the affiliation form."""

    email = Email(required=True)


class QuestionForm(Request):
    """Who the edge asks about."""

    token = _opaque(required=True, allow_none=True)
    audience = _name()
    brand = _name()
    space = _name()
    address = fields.String(required=True, validate=[validate.Length(0, 64), _printable])


class CriterionAnswer(Answer):
    key = fields.String(required=True)
    label = fields.String(required=True)


class TermsAnswer(Answer):
    version = fields.String(required=True)
    text = fields.String(required=True)


class PasswordRuleAnswer(Answer):
    """The password rule of a space, and the terms to accept."""

    min_length = fields.Integer(required=True)
    criteria = fields.List(fields.Nested(CriterionAnswer), required=True)
    terms = fields.Nested(TermsAnswer, required=True)


class ActivationAnswer(Answer):
    """The same whoever the e-mail belongs to."""

    activation_id = fields.UUID(required=True)
    message = fields.String(required=True)


class ProofAnswer(Answer):
    """The code was right."""

    proof = fields.String(required=True)
    first_name = fields.String(required=True)
    email_hint = fields.String(required=True)


class AccountAnswer(Answer):
    account_id = fields.UUID(required=True)


class SignedInAnswer(Answer):
    """A session; ``device`` is the new token of a trusted browser."""

    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    device = fields.String(allow_none=True)


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


class ApplicantSessionAnswer(Answer):
    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    affiliation_id = fields.UUID(required=True)


class AccessCodeAnswer(Answer):
    """The same whoever the e-mail belongs to."""

    access_id = fields.UUID(required=True)
    message = fields.String(required=True)


class MeAnswer(Answer):
    kind = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    space = fields.String(required=True)
    brand = fields.String(required=True)
    grants = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    reference = fields.String(required=True)
    strong = fields.Boolean(required=True)
    hold_until = fields.AwareDateTime(required=True, allow_none=True)


class SessionLine(Answer):
    id = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    last_seen_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    strong = fields.Boolean(required=True)
    current = fields.Boolean(required=True)


class SessionsAnswer(Answer):
    items = fields.List(fields.Nested(SessionLine), required=True)
    next = fields.String(required=True, allow_none=True)


class IdentityAnswer(Answer):
    identity = fields.String(required=True)
    kind = fields.String(required=True)
