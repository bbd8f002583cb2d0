"""« Localiser un professionnel de santé », une agence (S0:214-225, S4:297-318). A position is posted: no address of a page holds one."""

from typing import Any

from chassis import http
from services.members import schemas
from services.members.queries import care

FOUND = "Les plus proches d'abord, avec la distance"

door = http.Door("care", __name__, url_prefix="/me/care", audience=("member",), description="Localiser un professionnel, une agence")


@door.get("/specialties")
@door.response(200, schemas.Specialties)
def list_specialties() -> dict[str, Any]:
    """Choisir une spécialité"""
    return care.offered()


@door.get("/towns")
@door.arguments(schemas.TownsQuery, location="query")
@door.response(200, schemas.Towns, description="Les plus peuplées d'abord")
def list_towns(asked: dict[str, Any]) -> dict[str, Any]:
    """Compléter le nom d'une ville"""
    return care.towns(http.work(), **asked)


@door.get("/professionals")
@door.arguments(schemas.ProfessionalsQuery, location="query")
@door.response(200, schemas.Professionals, description=FOUND)
def find_professionals(asked: dict[str, Any]) -> dict[str, Any]:
    """Localiser un professionnel de santé, par code postal ou par ville"""
    return care.professionals(http.work(), asked)


@door.post("/professionals/around")
@door.arguments(schemas.ProfessionalsAround)
@door.response(200, schemas.Professionals, description=FOUND)
def find_professionals_around(asked: dict[str, Any]) -> dict[str, Any]:
    """Localiser un professionnel de santé autour de soi ; la position n'est pas gardée"""
    return care.professionals(http.work(), asked)


@door.get("/agencies")
@door.arguments(schemas.TownQuery, location="query")
@door.response(200, schemas.Agencies, description=FOUND)
def find_agencies(asked: dict[str, Any]) -> dict[str, Any]:
    """Localiser une agence, par code postal ou par ville"""
    return care.agencies(http.work(), asked)


@door.post("/agencies/around")
@door.arguments(schemas.PositionBody)
@door.response(200, schemas.Agencies, description=FOUND)
def find_agencies_around(asked: dict[str, Any]) -> dict[str, Any]:
    """Localiser une agence autour de soi ; la position n'est pas gardée"""
    return care.agencies(http.work(), asked)
