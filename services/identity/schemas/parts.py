"""Fields and forms that several doors share."""

import unicodedata
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.http import Request
from chassis.labels import _

CHANNELS = ("email", "sms")
UNREADABLE = _("Ce texte contient un caractère qui n'est pas accepté ici.")


def opaque(longest: int = 200, **options: Any) -> fields.String:
    """A token or a code: hashed, compared, never stored nor shown."""
    return fields.String(validate=[validate.Length(1, longest), encodable], **options)


def password() -> fields.String:
    """A password as it was typed, right or wrong."""
    return fields.String(required=True, validate=[validate.Length(1, 1_000), encodable], metadata={"format": "password"})


def new_password() -> fields.String:
    """A password that somebody chooses: nothing in it that no keyboard types again."""
    return fields.String(required=True, validate=[validate.Length(1, 1_000), encodable, typeable], metadata={"format": "password"})


def name() -> fields.String:
    """A name of ours: a service, a brand, a space."""
    return fields.String(required=True, validate=[validate.Length(1, 40), printable])


def printable(text: str) -> None:
    """Raise ``ValidationError`` for what no name or address of ours holds."""
    if not (text.isascii() and text.isprintable()):
        raise ma.ValidationError(UNREADABLE)


def encodable(text: str) -> None:
    """Half of a surrogate pair is JSON but no text: nothing can hash it. Whatever else is typed is only wrong."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ma.ValidationError(UNREADABLE)


def typeable(text: str) -> None:
    """Raise ``ValidationError`` for a control character."""
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ma.ValidationError(UNREADABLE)


class CodeForm(Request):
    """A code as it was read, with or without spaces and dashes."""

    code = opaque(40, required=True)
