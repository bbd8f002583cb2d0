"""Who gives care near a place, and where the brand's agencies are (S0:214-225, S4:297-318). No position is kept, nor told."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.labels import _
from chassis.work import PARIS
from services.members.access import care as access
from services.members.access.care import Place
from services.members.config import Work
from services.members.errors import ambiguous_town, no_place, town_elsewhere, unknown_cursor, unknown_postcode, unknown_town
from services.members.models import Agency, Commune, Partner, Professional, ReferenceFile
from services.members.rules import opening
from services.members.rules.places import Placed, Point, spelt, together
from services.members.rules.specialties import specialties

HERE = _("Autour de vous")
INVENTED = "9"
"""What the numbers of the demonstration begin with."""


def offered() -> dict[str, Any]:
    """The specialties, as one chooses them."""
    return {"items": [{"key": key, "label": one.label} for key, one in specialties().items()]}


def towns(work: Work, starts: str, limit: int) -> dict[str, Any]:
    """Towns that begin with some letters, the most peopled first."""
    start = spelt(starts)
    return {"items": access.named(work, start, limit) if start else []}


def professionals(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of professionals, the nearest first. Raises ``Invalid`` for a place that is not known."""
    label, place = _place(work, asked)
    query = access.professionals(work, asked["specialty"], place.point, asked["within_km"])
    query = access.partners(query, third_party_payment=asked["third_party_payment"], network=asked["network"])
    rows = access.nearest(work, query, place.point, Professional.id, _after(asked["after"], uuid.UUID), asked["limit"] + 1)
    page = rows[: asked["limit"]]
    lines = [_professional(one, partner, metres) for one, partner, metres in page]
    return _page(label, place, lines, rows, page) | {"register_on": _told_on(access.files(work).get("rpps"))}


def agencies(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of the brand's agencies, the nearest first, open now or not. Raises ``Invalid``."""
    label, place = _place(work, asked)
    query = access.agencies(work, place.point, asked["within_km"])
    rows = access.nearest(work, query, place.point, Agency.reference, _after(asked["after"], str), asked["limit"] + 1)
    page, at = rows[: asked["limit"]], datetime.combine(work.today, work.now.astimezone(PARIS).time())
    lines = [_agency(agency, metres, at) for agency, metres in page]
    return _page(label, place, lines, rows, page) | {"told_on": _told_on(access.files(work).get("agencies"))}


def _place(work: Work, asked: dict[str, Any]) -> tuple[str, Placed]:
    """What distances are counted from, and what it is called."""
    if "lat" in asked:
        return HERE, Placed(Point(asked["lat"], asked["lon"]), "town")
    towns = _towns(work, asked["postcode"], spelt(asked["town"] or ""))
    found = together(town.position for town in towns)
    assert found is not None
    names = [town.name for town in towns]
    return ", ".join(names[:3]) + ("…" if len(names) > 3 else ""), found


def _towns(work: Work, postcode: str | None, name: str) -> Sequence[Commune]:
    """The communes meant, at least one. Raises ``Invalid`` where none is, or one of several."""
    if not postcode and not name:
        raise no_place()
    return _of_postcode(work, postcode, name) if postcode else _called(work, name)


def _of_postcode(work: Work, postcode: str, name: str) -> Sequence[Commune]:
    sharing = access.of_postcode(work, postcode)
    if not sharing:
        raise unknown_postcode()
    meant = [town for town in sharing if town.search_name.startswith(name)]
    if not meant:
        raise town_elsewhere()
    return [town for town in meant if town.search_name == name] or meant


def _called(work: Work, name: str) -> Sequence[Commune]:
    towns = access.called(work, name)
    if not towns:
        raise unknown_town()
    if len(towns) > 1:
        raise ambiguous_town([{"name": town.name, "postcodes": town.postcodes} for town in towns])
    return towns


def _after(cursor: str | None, key: type[uuid.UUID] | type[str]) -> Place | None:
    """``<metres>.<key>``. Raises ``Invalid``."""
    if cursor is None:
        return None
    metres, _dot, name = cursor.partition(".")
    try:
        return int(metres), key(name)  # type: ignore[return-value]  # what the column holds
    except ValueError:
        raise unknown_cursor() from None


def _page(label: str, place: Placed, lines: list[dict[str, Any]], rows: Sequence[Any], page: Sequence[Any]) -> dict[str, Any]:
    end = f"{page[-1].metres}.{lines[-1]['id']}" if len(rows) > len(page) else None
    return {"place": {"label": label, "approximate": place.how != "town"}, "items": lines, "next": end}


def _professional(one: Professional, partner: Partner | None, metres: int) -> dict[str, Any]:
    return {
        **_near(one, str(one.id), metres),
        "specialty": one.specialty,
        "specialty_label": specialties()[one.specialty].label if one.specialty in specialties() else one.specialty,
        "organisation": one.organisation,
        "third_party_payment": partner.third_party_payment if partner else None,
        "network": partner.network if partner else None,
        "checked_on": partner.checked_on if partner else None,
        "demonstration": one.kind == "rpps" and one.number.startswith(INVENTED),
    }


def _agency(agency: Agency, metres: int, at: datetime) -> dict[str, Any]:
    hours = opening.week(agency.hours)
    days = [{"day": day, "hours": opening.told(spans)} for day, spans in zip(opening.LABELS, hours, strict=True)]
    return {**_near(agency, agency.reference, metres), "hours": days, "open_now": opening.is_open(hours, at)}


def _near(one: Professional | Agency, key: str, metres: int) -> dict[str, Any]:
    where = {"street": one.street, "postcode": one.postcode, "town": one.town, "phone": one.phone}
    return {"id": key, "name": one.name, **where, "distance_km": round(metres / 1_000, 1), "approximate": one.placed != "town"}


def _told_on(file: ReferenceFile | None) -> Any:
    return file.told_on if file else None
