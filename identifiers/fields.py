"""marshmallow fields for HTTP bodies: each reads one identifier into its canonical form, or refuses it with one French sentence.

No `pattern` goes to the API description: the fields accept spaces and other ways of writing, so a pattern would call refused what is
accepted. `format` and an example tell a client what to send.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from identifiers import email, iban, invented, nir, phone, siret, text

NOT_TEXT = "Ce champ attend du texte."
TOO_LONG = "Ce texte est trop long : {maximum} caractères au plus."
REQUIRED: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "Ce champ est obligatoire.",
    "null": "Ce champ ne peut pas être vide.",
    "invalid": NOT_TEXT,
}
EARLIEST_BIRTH = date(1880, 1, 1)  # nobody alive was born before
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Identifier(fields.String):
    """A text read by `read`, bounded by `longest` characters as typed."""

    default_error_messages = REQUIRED
    longest = 64
    described: ClassVar[dict[str, Any]] = {}

    def __init__(self, **options: Any) -> None:
        metadata = {"minLength": 1, "maxLength": self.longest, **self.described, **options.pop("metadata", {})}
        super().__init__(metadata=metadata, **options)

    def read(self, typed: str) -> str:
        """The canonical form. Raises `ValueError` with a French sentence."""
        raise NotImplementedError

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(NOT_TEXT)
        if len(value) > self.longest:
            raise ValidationError(TOO_LONG.format(maximum=self.longest))
        try:
            return self.read(value)
        except ValueError as refusal:
            raise ValidationError(str(refusal)) from None


class Nir(Identifier):
    """Social security number with its key."""

    described: ClassVar[dict[str, Any]] = {"format": "nir", "example": invented.nir("exemple", date(1992, 3, 10))}

    def read(self, typed: str) -> str:
        return nir.parse(typed)


class Siren(Identifier):
    """Company number."""

    described: ClassVar[dict[str, Any]] = {"format": "siren", "example": invented.siren("exemple")}

    def read(self, typed: str) -> str:
        return siret.parse_siren(typed)


class Siret(Identifier):
    """Establishment number."""

    described: ClassVar[dict[str, Any]] = {"format": "siret", "example": invented.siret("exemple")}

    def read(self, typed: str) -> str:
        return siret.parse(typed)


class Iban(Identifier):
    """Bank account."""

    described: ClassVar[dict[str, Any]] = {"format": "iban", "example": invented.iban("exemple")}

    def read(self, typed: str) -> str:
        return iban.parse(typed)


class Phone(Identifier):
    """Telephone number, returned in E.164."""

    described: ClassVar[dict[str, Any]] = {"format": "phone", "example": "06 39 98 00 01"}

    def read(self, typed: str) -> str:
        return phone.parse(typed)


class Email(Identifier):
    """E-mail address, folded."""

    longest = email.MAX
    described: ClassVar[dict[str, Any]] = {"format": "email", "example": "claire.martin@exemple.fr"}

    def read(self, typed: str) -> str:
        return email.parse(typed)


class PersonName(Identifier):
    """Family name or first name."""

    longest = text.NAME_MAX
    described: ClassVar[dict[str, Any]] = {"format": "person-name", "example": "Claire"}

    def read(self, typed: str) -> str:
        return text.parse(typed)


class Text(Identifier):
    """Other text of at most `max` characters, on one line unless `lines` is true."""

    def __init__(self, *, max: int, lines: bool = False, **options: Any) -> None:
        self.longest = max
        self._read = text.parse_free if lines else text.parse_line
        super().__init__(**options)

    def read(self, typed: str) -> str:
        return self._read(typed, self.longest)


class BirthDate(fields.Date):
    """A date of birth, `1992-03-10`, from 1880 on. Whether it lies in the future is for the rules, which know what day it is."""

    default_error_messages = REQUIRED
    WRONG = "Cette date n'est pas valable : indiquez l'année, le mois et le jour, par exemple 1992-03-10."
    TOO_EARLY = "Cette date de naissance est trop ancienne : vérifiez l'année."

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"format": "date", "example": "1992-03-10", **options.pop("metadata", {})}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
            raise ValidationError(self.WRONG)
        try:
            birth_on = date.fromisoformat(value)
        except ValueError:
            raise ValidationError(self.WRONG) from None
        if birth_on < EARLIEST_BIRTH:
            raise ValidationError(self.TOO_EARLY)
        return birth_on


class Amount(fields.Field[Decimal]):
    """Euros, ``"26.50"`` (a comma does as well): from one cent to 999 999,99, two decimals at most; answered as text, so that no cent is
    ever a binary float."""

    default_error_messages = REQUIRED
    WRONG = "Ce montant n'est pas valable : indiquez des euros et des centimes, par exemple 26,50."
    SHAPE = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,2})?")

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "amount", "example": "26.50", **options.pop("metadata", {})}, **options)

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{value:.2f}"

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Decimal:
        typed = value.replace("\u202f", "").replace("\u00a0", "").strip() if isinstance(value, str) else ""
        if not self.SHAPE.fullmatch(typed):
            raise ValidationError(self.WRONG)
        amount = Decimal(typed.replace(",", ".")).quantize(Decimal("0.01"))
        if not amount:
            raise ValidationError(self.WRONG)
        return amount
