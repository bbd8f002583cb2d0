"""Opening a space, over HTTP: the password rule, a code, a password."""

from marshmallow import fields, validate

from chassis.http import Answer, Request
from identifiers.fields import Email
from services.identity.schemas import parts


class ActivationForm(Request):
    """An e-mail, and where the code should go."""

    email = Email(required=True)
    channel = fields.String(load_default="email", validate=validate.OneOf(parts.CHANNELS))


class PasswordForm(Request):
    """The password and the terms, with the proof of the step before."""

    proof = parts.opaque(required=True)
    password = parts.password()
    terms_version = parts.opaque(40, required=True)


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
