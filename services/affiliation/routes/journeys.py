"""The person's own form (S1:220-228)."""

from typing import Any

from chassis import http
from services.affiliation import access, queries, schemas
from services.affiliation.actions import journey

door = http.Door("journeys", __name__, audience=("applicant",), description="Bulletin d'affiliation du salarié")


@door.get("/journey")
@door.response(200, schemas.Journey)
def show_journey() -> dict[str, Any]:
    """Mon affiliation : brouillon, pièces, actions possibles"""
    work = http.work()
    return queries.journey(work, access.own_affiliation(work))


@door.post("/journey/start")
@door.response(200, schemas.Journey)
def start_journey() -> dict[str, Any]:
    """Démarrer mon affiliation"""
    work = http.work()
    return queries.journey(work, journey.start(work))


@door.put("/journey/draft")
@door.arguments(schemas.DraftChanges)
@door.arguments(schemas.DraftMatch, location="headers")
@door.response(200, schemas.Journey)
def save_draft(changes: dict[str, Any], matched: int | None) -> dict[str, Any]:
    """Enregistrer mon brouillon : seules les informations envoyées changent"""
    work = http.work()
    version = changes.pop("version", matched)
    return queries.journey(work, journey.save_draft(work, changes, version))


@door.post("/journey/finalise")
@door.arguments(schemas.Certification)
@door.response(200, schemas.Journey)
def finalise_journey(_certified: dict[str, Any]) -> dict[str, Any]:
    """Finaliser mon affiliation"""
    work = http.work()
    return queries.journey(work, journey.finalise(work))
