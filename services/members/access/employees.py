"""« Mes salariés affiliés »: which rights an employer's list shows, and in which order, a page at a time.

Each company's part of a page is read from an index, at most a page of it: neither a company of 20,000 nor a declarant's perimeter is
sorted whole. What is compared is leakproof (ranges, never LIKE), so that row security leaves the indexes usable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Row, Text, bindparam, cast, func, literal, literal_column, select, text, true, tuple_

from chassis.actor import Actor
from services.members.access.rights import Lines, visible_lines
from services.members.config import Work
from services.members.lifecycle import Status
from services.members.models import Dependent, PersonKey, Rights
from services.members.rules.employees import DESCENDING

NIR = "nir"
ADMINISTRATOR = "administrator"
LAST = "\U0010ffff"
"""Sorts after whatever a name goes on with."""
Key = ColumnElement[Any]
END: Key = func.coalesce(Rights.ends_on, literal_column("'infinity'::date", Rights.ends_on.type))
KEYS: dict[str, tuple[Any, ...]] = {
    "name": (Rights.search_name, Rights.id),
    "start": (Rights.starts_on, Rights.id),
    "end": (END, Rights.id),
    "establishment": (Rights.siret, Rights.search_name, Rights.id),
}
"""By sort, what orders a company's list: each has its index behind the SIREN. Establishments follow their numbers."""
FEW = {Status.PORTABILITY, Status.PORTABILITY_PENDING}
"""The statuses that few people of a company have at once."""
IN_THE_ORDER_OF_AN_INDEX = text("SELECT set_config('enable_sort', 'off', true)")


@dataclass(frozen=True)
class Search:
    """What a list shows: ``sirens`` within the perimeter, and what narrows it. ``sirets`` and ``keys`` (of people) narrow nothing when
    ``None``; ``name`` is a folded prefix."""

    brand: str
    sirens: tuple[str, ...]
    statuses: tuple[Status, ...] = tuple(Status)
    sirets: tuple[str, ...] | None = None
    professional_status: str | None = None
    contract: str | None = None
    name: str = ""
    keys: tuple[bytes, ...] | None = None

    def narrowed(self, query: Any) -> Any:
        """A select of rights, narrowed to the list; its companies aside."""
        return query.where(Rights.brand == self.brand, *self._columns(), *self._prefix(), *self._people())

    def _columns(self) -> list[Key]:
        asked: tuple[tuple[Any, Any], ...] = (
            (Rights.status, self.statuses if len(self.statuses) < len(Status) else None),
            (Rights.siret, self.sirets),
            (Rights.professional_status, self.professional_status and (self.professional_status,)),
            (Rights.contract_reference, self.contract and (self.contract,)),
        )
        return [column.in_(values) for column, values in asked if values is not None]

    def _prefix(self) -> list[Key]:
        return [Rights.search_name >= self.name, Rights.search_name < self.name + LAST] if self.name else []

    def _people(self) -> list[Key]:
        if self.keys is None:
            return []
        named = select(PersonKey.person_id).where(PersonKey.brand == self.brand, PersonKey.fingerprint.in_(self.keys))
        return [Rights.person_id.in_(named)]


def sees_nir(actor: Actor) -> frozenset[str]:
    """The companies whose people's whole numbers the actor reads: those she administers, and those whose administrators let her."""
    return frozenset(siren for siren in actor.grants if actor.holds(siren, ADMINISTRATOR) or actor.was_given(siren, NIR))


def page(actor: Actor, search: Search, sort: str, after: Sequence[str] | None, limit: int) -> Lines:
    """The lines of a page: the first ``limit`` after a place, which is the values of ``KEYS[sort]`` as texts."""
    keys = keys_of(sort)
    company = func.unnest(cast(bindparam(None, list(search.sirens)), ARRAY(Text))).table_valued("siren").render_derived("company_asked")
    inside = search.narrowed(select(*(key.label(f"key{rank}") for rank, key in enumerate(keys)))).where(Rights.siren == company.c.siren)
    if after:
        inside = inside.where(_beyond(sort, after))
    firsts = inside.order_by(*_directed(keys, sort)).limit(limit).lateral("firsts")
    chosen = select(firsts).select_from(company).join(firsts, true()).order_by(*_directed(tuple(firsts.c), sort)).limit(limit).subquery()
    order = tuple(chosen.c)
    return visible_lines(actor).join(chosen, order[-1] == Rights.id).order_by(*_directed(order, sort))


def read(work: Work, query: Any, search: Search) -> Sequence[Row[Any]]:
    """The rows of a page. Where many may match, their order comes from the index: PostgreSQL cannot know how large the company is, nor see
    through row security how few rows it hides, and would sort them all."""
    if search.keys is None and not set(search.statuses) <= FEW:
        work.session.execute(IN_THE_ORDER_OF_AN_INDEX)
    return work.session.execute(query).all()


def whole(actor: Actor, search: Search, sort: str) -> Lines:
    """Every line of the list, in its order."""
    lines: Lines = search.narrowed(visible_lines(actor).where(Rights.siren.in_(search.sirens)))
    return lines.order_by(*_directed(keys_of(sort), sort))


def how_many(work: Work, search: Search) -> int:
    """How many lines the list has."""
    counted = select(func.count()).select_from(Rights).where(Rights.siren.in_(search.sirens))
    return work.session.scalar(search.narrowed(counted)) or 0


def keys_of(sort: str) -> tuple[Any, ...]:
    """What a sort compares, the id last."""
    return KEYS[sort.removeprefix(DESCENDING)]


def family(actor: Actor, search: Search, sort: str) -> Any:
    """The list's lines that cover dependents, once for each, in the list's order."""
    return whole(actor, search, sort).join(Dependent, Dependent.rights_id == Rights.id).order_by(Dependent.rank)


def _beyond(sort: str, after: Sequence[str]) -> Key:
    keys = keys_of(sort)
    place = tuple_(*(_read(key, value) for key, value in zip(keys, after, strict=True)))
    return tuple_(*keys) < place if sort.startswith(DESCENDING) else tuple_(*keys) > place


def _read(key: Any, value: str) -> Any:
    """A value of a place, as the database compares it (« infinity » is a date to it, and to nobody else)."""
    return literal(value) if isinstance(key.type, Text) else cast(literal(value), key.type)


def _directed(keys: Sequence[Any], sort: str) -> list[Any]:
    return [key.desc() for key in keys] if sort.startswith(DESCENDING) else list(keys)
