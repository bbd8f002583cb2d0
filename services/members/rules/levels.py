"""What a guarantee pays, read from the words of the contract: ``200 % BR``, ``100 % santé + 150 €``, ``frais réels``."""

import re
from dataclasses import dataclass
from decimal import Decimal

NOTHING = ("néant", "non garanti", "-")
REAL_COST = "frais réels"
PERCENT = re.compile(r"(\d{1,4}) ?% ?BR(?! ?hors)", re.IGNORECASE)
OUTSIDE = re.compile(r"(\d{1,4}) ?% ?BR ?hors OPTAM", re.IGNORECASE)
BASKET = re.compile(r"100 ?% ?sant[ée]", re.IGNORECASE)
FLAT = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?) ?€")
SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Level:
    """A guarantee as the engine reads it.

    ``percent`` of the base, the base scheme's share included (``outside`` when the doctor signed no OPTAM); ``flat`` euros on top of the
    base scheme; ``real_cost`` whatever is paid; ``basket`` all of a 100 % santé price.
    """

    percent: int | None = None
    outside: int | None = None
    flat: Decimal | None = None
    real_cost: bool = False
    basket: bool = False


def level(words: str) -> Level | None:
    """What the words of a guarantee promise; ``None`` when they cannot be read by a program, which is said and never guessed."""
    plain = SPACES.sub(" ", words).strip()
    if plain.casefold() in NOTHING:
        return Level(percent=0)
    if plain.casefold() == REAL_COST:
        return Level(real_cost=True)
    read = Level(_whole(PERCENT, plain), _whole(OUTSIDE, plain), _amount(plain), basket=bool(BASKET.search(plain)))
    return read if read != Level() else None


def _whole(pattern: re.Pattern[str], words: str) -> int | None:
    found = pattern.search(words)
    return int(found[1]) if found else None


def _amount(words: str) -> Decimal | None:
    found = FLAT.search(words)
    return Decimal(found[1].replace(",", ".")) if found else None
