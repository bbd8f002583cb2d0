"""Authenticator applications, over HTTP."""

from marshmallow import fields

from chassis.http import Answer, Request
from services.identity.schemas import parts


class TotpForm(Request):
    """The password again: an open session alone enrols nothing."""

    password = parts.password()


class TotpRemovalForm(Request):
    """The password, and a code of the application or a recovery code."""

    password = parts.password()
    code = parts.opaque(40, required=True)


class TotpAnswer(Answer):
    """``secret`` in base32 for whoever types it, ``uri`` for a QR code (``otpauth://totp/…``)."""

    secret = fields.String(required=True)
    uri = fields.String(required=True)


class RecoveryCodesAnswer(Answer):
    """To print or copy: each opens once, and they are shown only now."""

    recovery_codes = fields.List(fields.String(), required=True)
