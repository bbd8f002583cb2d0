"""Following an invitation, over HTTP: what the link is for, then the account it opens."""

from marshmallow import fields

from chassis.http import Answer, Request
from services.identity.schemas import parts


class InvitationLinkForm(Request):
    """The token of the link, never in an address."""

    token = parts.opaque(required=True)


class AcceptanceForm(Request):
    """``password`` is a new one, or one's own for the account one has; ``code`` the first of a caseworker's authenticator application."""

    token = parts.opaque(required=True)
    password = parts.new_password()
    terms_version = parts.opaque(40, required=True)
    code = parts.opaque(40, load_default=None, allow_none=True)


class AuthenticatorAnswer(Answer):
    """What goes into an authenticator application: typed, or read from a QR code."""

    secret = fields.String(required=True)
    uri = fields.String(required=True)


class ShownInvitationAnswer(Answer):
    """``company_names`` are the first few of ``companies``; ``authenticator`` is for caseworkers alone.

    ``renews``: a caseworker chooses another password and another application, as those she had are lost.
    """

    first_name = fields.String(required=True)
    email_hint = fields.String(required=True)
    company_names = fields.List(fields.String(), required=True)
    companies = fields.Integer(required=True)
    has_account = fields.Boolean(required=True)
    authenticator = fields.Nested(AuthenticatorAnswer, required=True, allow_none=True)
    renews = fields.Boolean(required=True)
