"""Opening a space, over HTTP: a code and a password, or a form and a code."""

import re
from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.http import Answer, Request
from chassis.labels import _
from identifiers.fields import BirthDate, Email, Identifier, PersonName, Phone
from services.identity.schemas import parts

CONTRACT = re.compile(r"[0-9]{6}")
NO_CONTRACT = _("Un numéro de contrat compte 6 chiffres : il figure sur vos conditions générales et sur votre carte.")


class ActivationForm(Request):
    """An e-mail, and where the code should go."""

    email = Email(required=True)
    channel = fields.String(load_default="email", validate=validate.OneOf(parts.CHANNELS))


class PasswordForm(Request):
    """The password and the terms, with the proof of the step before."""

    proof = parts.opaque(required=True)
    password = parts.new_password()
    terms_version = parts.opaque(40, required=True)


class ContractNumber(Identifier):
    """The six digits printed on the general conditions and the card (S2:11)."""

    longest = 16
    described: ClassVar[dict[str, Any]] = {"format": "contract-number", "example": "123456"}

    def read(self, typed: str) -> str:
        digits = "".join(typed.split())
        if not CONTRACT.fullmatch(digits):
            raise ValueError(NO_CONTRACT)
        return digits


class OpeningForm(Request):
    """Who one is, under which contract, and the password (S2:7); the phone is optional (S2:19)."""

    first_name = PersonName(required=True)
    last_name = PersonName(required=True)
    contract_number = ContractNumber(required=True)
    birth_on = BirthDate(required=True)
    email = Email(required=True)
    phone = Phone(load_default=None, allow_none=True)
    password = parts.new_password()
    terms_version = parts.opaque(40, required=True)


class OpeningAnswer(Answer):
    """The same whoever the form is about."""

    opening_id = fields.UUID(required=True)
    message = fields.String(required=True)


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
