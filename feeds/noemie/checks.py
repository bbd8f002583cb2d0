"""What a décompte must be before it is told: plain identifiers, euros to the cent, lines that say one thing."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

import msgspec

from events.noemie import Care, Party, StatementTold, read_care, read_party
from feeds.plausible import NIR, STRANGE_NAME, WRONG_NIR, name_is_right

MOST_LINES = 200
FIRST_DAY = date(2000, 1, 1)
EARLIEST_BIRTH = date(1880, 1, 1)
EUROS_DIGITS, CENTS = 6, (0, -1, -2)
SHAPES = (
    ("fund", re.compile(r"[0-9A-Z]{2,9}"), "caisse : 2 à 9 chiffres ou capitales"),
    ("number", re.compile(r"[0-9A-Za-z._-]{1,30}"), "numéro de décompte : 30 chiffres, lettres, points ou tirets au plus"),
    ("amc_number", re.compile(r"[0-9]{8,10}"), "numéro d'AMC : 8 à 10 chiffres"),
)
IN_CLEAR = "le numéro de décompte contient le NIR, qui ne doit pas circuler en clair"
UNREADABLE = "contenu scellé illisible"
AMOUNTS = ("cost", "base", "base_scheme", "complementary_asked", "complementary_paid")


def wrong(statement: StatementTold) -> Iterator[str]:
    """Why a décompte cannot be told, in French, without anything of what it says."""
    try:
        party, lines = read_party(statement), read_care(statement)
    except msgspec.DecodeError:
        yield UNREADABLE
        return
    yield from (reason for name, shape, reason in SHAPES if not shape.fullmatch(getattr(statement, name)))
    yield from _wrong_party(party, statement)
    yield from _wrong_lines(lines, statement.issued_on)


def _wrong_party(party: Party, statement: StatementTold) -> Iterator[str]:
    if not NIR.fullmatch(party.nir):
        yield WRONG_NIR
    elif party.nir in statement.number:
        yield IN_CLEAR
    if not (name_is_right(party.first_name) and name_is_right(party.last_name)):
        yield STRANGE_NAME
    if not EARLIEST_BIRTH <= party.birth_on <= statement.issued_on:
        yield "date de naissance hors du possible"


def _wrong_lines(lines: tuple[Care, ...], issued_on: date) -> Iterator[str]:
    if not 0 < len(lines) <= MOST_LINES:
        yield f"un décompte compte de 1 à {MOST_LINES} lignes"
    if len({line.number for line in lines}) < len(lines):
        yield "deux lignes du décompte portent le même numéro"
    for line in lines:
        yield from (f"ligne {line.number} du décompte : {reason}" for reason in _wrong_care(line, issued_on))


def _wrong_care(line: Care, issued_on: date) -> Iterator[str]:
    told = [amount for name in AMOUNTS if (amount := getattr(line, name)) is not None]
    if not all(map(_in_cents, [*told, line.coefficient])) or line.coefficient <= 0:
        yield "montant ou coefficient illisible (euros et centimes, 999999,99 au plus)"
        return
    if len({amount < 0 for amount in told if amount}) > 1:
        yield "montants de signes contraires"
    if not _within(abs(line.cost), map(abs, (line.base_scheme, line.complementary_paid or Decimal(0)))):
        yield "plus de payé que de dépensé"
    if not FIRST_DAY <= line.starts_on <= (line.ends_on or line.starts_on) <= issued_on:
        yield "soins datés après leur règlement, ou dont la fin précède le début"


def _in_cents(amount: Decimal) -> bool:
    _sign, digits, exponent = amount.as_tuple()
    return exponent in CENTS and len(digits) + int(exponent) <= EUROS_DIGITS


def _within(cost: Decimal, paid: Iterable[Decimal]) -> bool:
    return sum(paid) <= cost
