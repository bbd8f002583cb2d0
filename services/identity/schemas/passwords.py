"""Passwords, over HTTP: the rule of a space, a check while one types, links and changes."""

from marshmallow import fields

from chassis.http import Answer, Request
from identifiers.fields import Email, PersonName
from services.identity.schemas import parts
from services.identity.schemas.terms import TermsAnswer


class PasswordCheckForm(Request):
    """A candidate, and what is known of its owner so far. Nothing of it is kept."""

    password = parts.new_password()
    email = Email(load_default=None, allow_none=True)
    first_name = PersonName(load_default=None, allow_none=True)
    last_name = PersonName(load_default=None, allow_none=True)


class ForgottenForm(Request):
    email = Email(required=True)


class ResetForm(Request):
    """The token of the link, and the new password; ``code`` is that of a caseworker's authenticator application."""

    token = parts.opaque(required=True)
    password = parts.new_password()
    code = parts.opaque(40, load_default=None, allow_none=True)


class PasswordChangeForm(Request):
    current_password = parts.password()
    password = parts.new_password()


class CriterionAnswer(Answer):
    key = fields.String(required=True)
    label = fields.String(required=True)


class CriterionChecked(CriterionAnswer):
    met = fields.Boolean(required=True)


class ActivationWay(Answer):
    """``way`` is ``known_email``, ``company`` or ``open_form``; ``channels`` where a code may go; ``way`` is absent by invitation."""

    way = fields.String(required=True, allow_none=True)
    channels = fields.List(fields.String(), required=True)


class PasswordRuleAnswer(Answer):
    """The password rule of a space, the terms to accept, and how the space is opened."""

    min_length = fields.Integer(required=True)
    criteria = fields.List(fields.Nested(CriterionAnswer), required=True)
    terms = fields.Nested(TermsAnswer, required=True)
    activation = fields.Nested(ActivationWay, required=True)


class PasswordCheckAnswer(Answer):
    """``strength`` is ``weak``, ``good`` or ``strong``, by CNIL's formula; ``hint`` says how to make it better."""

    accepted = fields.Boolean(required=True)
    criteria = fields.List(fields.Nested(CriterionChecked), required=True)
    strength = fields.String(required=True)
    hint = fields.String(required=True)


class ForgottenAnswer(Answer):
    """The same whoever the e-mail belongs to."""

    message = fields.String(required=True)
