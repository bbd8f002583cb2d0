"""The care network, from where somebody looks: communes by name or postcode, what is near a place in the order of its distance."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, column, func, select, tuple_
from sqlalchemy.orm import Session

from services.members.config import Work
from services.members.models import Agency, Commune, CommunePostcode, Partner, Professional, ReferenceFile
from services.members.rules.places import EARTH_RADIUS_M, Placed, Point, around, together

Near = TypeVar("Near", Professional, Agency)
Locate = Callable[[str, str], Placed | None]
"""INSEE code and postcode → position."""
Found = Select[*tuple[Any, ...]]
"""Rows of something near, whose last column is the distance in metres."""
Place = tuple[int, str]
"""Where a page ends: metres, then the row's own key."""
LAST = "\U0010ffff"
"""After every text that begins alike."""


def named(work: Work, start: str, most: int) -> Sequence[Commune]:
    """Communes whose folded name begins so, the most peopled first."""
    begins = and_(Commune.search_name >= start, Commune.search_name < start + LAST)
    return work.session.scalars(select(Commune).where(begins).order_by(Commune.population.desc(), Commune.insee).limit(most)).all()


def called(work: Work, name: str) -> Sequence[Commune]:
    """The communes of that folded name."""
    return work.session.scalars(select(Commune).where(Commune.search_name == name).order_by(Commune.insee)).all()


def of_postcode(work: Work, postcode: str) -> Sequence[Commune]:
    """The communes of a postcode."""
    return work.session.scalars(_sharing(postcode)).all()


def professionals(work: Work, specialty: str, centre: Point, km: int) -> Found:
    """Professionals of a specialty at most ``km`` away, with what the brand's insurer says of them and their distance in metres."""
    metres = _metres(Professional, centre)
    told = and_(Partner.brand == work.brand_key, Partner.number == Professional.number)
    query = select(Professional, Partner, metres.label("metres")).outerjoin(Partner, told)
    return query.where(Professional.specialty == specialty, *_within(Professional, centre, km), metres <= km * 1_000)


def partners(query: Found, *, third_party_payment: bool, network: bool) -> Found:
    """Only those of whom the insurer says so."""
    asked = ((third_party_payment, Partner.third_party_payment), (network, Partner.network))
    return query.where(*(said.is_(True) for wanted, said in asked if wanted))


def agencies(work: Work, centre: Point, km: int) -> Found:
    """The brand's agencies at most ``km`` away, with their distance in metres."""
    metres = _metres(Agency, centre)
    query = select(Agency, metres.label("metres"))
    return query.where(Agency.brand == work.brand_key, *_within(Agency, centre, km), metres <= km * 1_000)


def nearest(work: Work, query: Found, centre: Point, key: Any, after: Place | None, most: int) -> Sequence[Any]:
    """A page in the order of the distance; ``after`` is the end of the page before."""
    if after:
        query = query.where(tuple_(_metres(key.class_, centre), key) > after)
    return work.session.execute(query.order_by(column("metres"), key).limit(most)).all()


def files(work: Work) -> dict[str, ReferenceFile]:
    """The files that are loaded, by kind."""
    return {file.kind: file for file in work.session.scalars(select(ReferenceFile))}


def locator(session: Session) -> Locate:
    """Where a commune is, else where its postcode is; each place is read once."""

    @cache
    def locate(insee: str, postcode: str) -> Placed | None:
        town = session.get(Commune, insee) if insee else None
        return town.position if town else together(commune.position for commune in session.scalars(_sharing(postcode)))

    return locate


def _sharing(postcode: str) -> Select[Commune]:
    shared = CommunePostcode.insee == Commune.insee, CommunePostcode.postcode == postcode
    return select(Commune).join(CommunePostcode, and_(*shared)).order_by(Commune.insee)


def _within(table: type[Near], centre: Point, km: int) -> tuple[ColumnElement[bool], ...]:
    box = around(centre, km)
    return table.lat >= box.south, table.lat <= box.north, table.lon >= box.west, table.lon <= box.east


def _metres(table: type[Near], centre: Point) -> ColumnElement[int]:
    """The great-circle distance (haversine)."""
    high, wide = func.radians(table.lat - centre.lat) / 2, func.radians(table.lon - centre.lon) / 2
    square = func.power(func.sin(high), 2) + func.power(func.sin(wide), 2) * func.cos(func.radians(table.lat)) * func.cos(
        func.radians(centre.lat)
    )
    return cast(func.round(2 * EARTH_RADIUS_M * func.asin(func.sqrt(func.least(1.0, square)))), Integer)
