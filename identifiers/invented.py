"""Identifiers of people and companies that do not exist, for the demo and the tests: valid, repeatable from a seed, never anybody's.

NIR: commune 999, which no department has. SIREN: beginning with 0, which the INSEE does not give. IBAN: bank 99999, which no bank has.
Mobiles: the range that the ARCEP keeps for fiction.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from stdnum import luhn

from identifiers.nir import key_of
from identifiers.siret import of as siret_of

ADULTS = (date(1960, 1, 1), date(2004, 12, 31))


def birth_date(seed: int | str, between: tuple[date, date] = ADULTS) -> date:
    """A date of birth between two dates, both included."""
    first, last = between
    return first + timedelta(days=_chance("birth", seed).randint(0, (last - first).days))


def nir(seed: int | str, birth_on: date | None = None, *, woman: bool | None = None) -> str:
    """A NIR (15 characters) that agrees with the birth date, by default `birth_date(seed)`."""
    chance = _chance("nir", seed)
    drawn, order = chance.choice((1, 2)), chance.randint(1, 998)
    sex = drawn if woman is None else 2 if woman else 1
    body = f"{sex}{birth_on or birth_date(seed):%y%m}75999{order:03d}"
    return body + key_of(body)


def siren(seed: int | str) -> str:
    """A SIREN, nine digits beginning with 0."""
    body = f"0{_chance('siren', seed).randint(1, 9_999_999):07d}"
    return body + str(luhn.calc_check_digit(body))


def siret(seed: int | str, establishment: int = 1) -> str:
    """The SIRET of the company's n-th establishment (1 to 999)."""
    return siret_of(siren(seed), f"{establishment:04d}")


def iban(seed: int | str) -> str:
    """A French IBAN of a bank that does not exist, both keys right."""
    account = _chance("iban", seed).randint(1, 99_999_999_999)
    bban = f"9999900001{account:011d}"
    rib = 97 - int(bban + "00") % 97
    bban += f"{rib:02d}"
    check = 98 - int(bban + "152700") % 97  # F = 15, R = 27, then the two zeros in place of the key
    return f"FR{check:02d}{bban}"


def mobile(seed: int | str) -> str:
    """A mobile in E.164, from the range kept for fiction."""
    return f"+3363998{_chance('mobile', seed).randint(0, 9999):04d}"


def _chance(kind: str, seed: int | str) -> Random:
    return Random(f"{kind}:{seed}")
