"""Telephone numbers: kept as E.164 (`+33639980001`), read as people of France and its overseas territories write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT", "PM", "NC", "PF", "WF")  # 0692 … is no number of mainland France: ask the others
SEPARATORS = re.compile(r"[\s.\-/()]")
SHAPE = re.compile(r"\+?[0-9]{6,15}")

# Mobiles that the regulator (ARCEP) keeps for fiction. The library calls them invalid; the demo and the tests live on them.
FICTIONAL = re.compile(r"\+3363998[0-9]{4}")

WRONG = "Ce numéro de téléphone n'est pas valable : indiquez ses 10 chiffres, ou commencez par + et l'indicatif du pays."


def parse(text: str) -> str:
    """The E.164 form. Raises `ValueError` with a French sentence."""
    compact = re.sub(r"\A00", "+", SEPARATORS.sub("", text).replace("(0)", ""))
    if not SHAPE.fullmatch(compact):
        raise ValueError(WRONG)
    if FICTIONAL.fullmatch(french := re.sub(r"\A0", "+33", compact)):
        return french
    for region in REGIONS:
        if number := _valid(compact, region):
            return f"+{number.country_code}{number.national_number}"
    raise ValueError(WRONG)


def is_mobile(phone: str) -> bool:
    """Whether an E.164 number can receive a code by SMS."""
    if FICTIONAL.fullmatch(phone):
        return True
    from phonenumbers import PhoneNumberType, number_type
    from phonenumbers import parse as read

    return number_type(read(phone)) in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def masked(phone: str) -> str:
    """What a screen may confirm before a code proves the person: the last two digits."""
    return f"•• •• •• •• {phone[-2:]}"


def _valid(compact: str, region: str) -> PhoneNumber | None:
    import phonenumbers  # lazily: its metadata of all countries is heavy

    try:
        number = phonenumbers.parse(compact, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
