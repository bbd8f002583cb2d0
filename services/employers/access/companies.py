"""The perimeter: which companies an actor sees. The only place where their selects are born."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, collate, false, or_, select

from chassis.actor import Actor
from chassis.config import Brand
from chassis.problems import Forbidden, NotFound
from identifiers import text
from services.employers.config import EmployersBrand, Work
from services.employers.models import Company, Establishment

PLATFORM = "platform"
KEEPERS = ("handle", "administer")
"""The caseworkers' roles that keep the portfolio; ``read`` only looks at it."""
LAST = "\U0010ffff"
"""Sorts after whatever a name goes on with."""


def brand(work: Work) -> Brand[EmployersBrand]:
    """The brand of this work. Raises :class:`NotFound` when the visitor comes through none."""
    found = work.brands.get(work.brand_key)
    if found is None:
        raise NotFound
    return found


def keeping_the_portfolio(actor: Actor) -> None:
    """Refuse whoever may not register companies."""
    if not actor.holds(PLATFORM, *KEEPERS):
        raise Forbidden


def visible_companies(actor: Actor) -> Select[Company]:
    """The companies in the actor's perimeter: all of them for a caseworker, those of her habilitations for an employer."""
    everyone = select(Company)
    if actor.kind == "caseworker":
        return everyone if actor.holds(PLATFORM) else everyone.where(false())
    return everyone.where(Company.siren.in_(list(actor.grants)))


def company(work: Work, siren: str) -> Company:
    """A company of the actor's perimeter. Raises :class:`NotFound`, whether it is foreign or missing."""
    found = work.session.scalar(visible_companies(work.actor).where(Company.siren == siren))
    if found is None:
        raise NotFound
    return found


def administered(work: Work, siren: str) -> Company:
    """A company whose habilitations the actor may read. Raises :class:`NotFound`, or :class:`Forbidden` for its mere users (S1:130-134)."""
    found = company(work, siren)
    if work.actor.kind == "employer" and not work.actor.holds(siren, "administrator"):
        raise Forbidden
    return found


def companies_after(work: Work, after: str | None, limit: int, search: str | None = None) -> Sequence[Company]:
    """A page of the perimeter, by SIREN; ``search`` keeps those whose SIREN or name begins so (S1:191).

    A prefix is a range: ``LIKE`` is not leakproof, and row security would keep it from the index.
    """
    page = visible_companies(work.actor).order_by(Company.siren).limit(limit)
    page = page.where(_begins(search)) if search else page
    return work.session.scalars(page.where(Company.siren > after) if after else page).all()


def _begins(search: str) -> ColumnElement[bool]:
    digits, folded = search.replace(" ", ""), text.folded(search)
    if digits.isascii() and digits.isdigit():
        return or_(_prefix(collate(Company.siren, "C"), digits), _prefix(Company.folded_name, folded))
    return _prefix(Company.folded_name, folded) if folded else false()


def _prefix(column: Any, prefix: str) -> ColumnElement[bool]:
    return and_(column >= prefix, column < prefix + LAST)


def establishments_of(work: Work, sirens: Sequence[str]) -> Sequence[Establishment]:
    """The establishments of companies taken from the perimeter, by SIRET."""
    return work.session.scalars(select(Establishment).where(Establishment.siren.in_(sirens)).order_by(Establishment.siret)).all()
