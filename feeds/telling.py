"""What a fact must be when no DSN was checked before it: written by a producer's own software, or a line of a spreadsheet."""

from collections.abc import Iterator

from events.dsn import AffiliationSeen, Declaration, Employment, EmploymentChanged, IdentityChanged, Radiation
from events.fact import Fact, opened
from feeds.plausible import IN_CLEAR, MOTIVES, NIR, STRANGE_NAME, UNKNOWN_MOTIVE, WRONG_NIR, WRONG_SIRET, is_siret, name_is_right

SPOKEN = (AffiliationSeen, EmploymentChanged, IdentityChanged, Radiation)


def wrong(fact: Fact) -> Iterator[str]:
    """Why a fact cannot be told, in French, without anything of what it says."""
    declaration = getattr(fact, "declaration", None)
    if isinstance(declaration, Declaration) and not is_siret(declaration.siret):
        yield WRONG_SIRET
    if isinstance(fact, SPOKEN):
        yield from _wrong_employment(fact.employment)
    if isinstance(fact, IdentityChanged):
        yield from _wrong_names(opened(fact.former_last_name), opened(fact.former_first_name))
    if isinstance(fact, Radiation) and fact.motive is not None and fact.motive not in MOTIVES:
        yield UNKNOWN_MOTIVE


def _wrong_employment(employment: Employment) -> Iterator[str]:
    nir, ntt = opened(employment.nir), opened(employment.ntt)
    if nir is not None and not NIR.fullmatch(nir):
        yield WRONG_NIR
    if any(secret in employment.number for secret in (nir, ntt) if secret):
        yield IN_CLEAR
    yield from _wrong_names(employment.last_name.value, employment.first_name.value)


def _wrong_names(*names: str | None) -> Iterator[str]:
    if any(name is not None and not name_is_right(name) for name in names):
        yield STRANGE_NAME
