"""The HTTP door: the employer's declarations, the follow-up that caseworkers read too, the person's own journey."""

from typing import Any
from uuid import UUID

from chassis import http
from services.affiliation import access, queries, schemas
from services.affiliation.actions import follow_up, journey

declarations = http.Door("declarations", __name__, audience=("employer",), description="Pré-affiliation des nouveaux salariés")
follow_ups = http.Door("follow_ups", __name__, audience=("employer", "caseworker"), description="Suivi des affiliations")
journeys = http.Door("journeys", __name__, audience=("applicant",), description="Bulletin d'affiliation du salarié")
DOORS = (declarations, follow_ups, journeys)


@declarations.get("/offers")
@declarations.response(200, schemas.Offers)
def list_offers() -> dict[str, Any]:
    """Établissements et contrats auxquels affilier un salarié"""
    return {"items": queries.offers(http.work())}


@declarations.post("/affiliations")
@declarations.creating
@declarations.arguments(schemas.PreAffiliation)
@declarations.response(201, schemas.CreatedAffiliation, description="Le formulaire part par e-mail, sinon par courrier")
def pre_affiliate(declaration: dict[str, Any]) -> dict[str, Any]:
    """Pré-affilier un salarié"""
    work = http.work()
    return queries.created(work, follow_up.pre_affiliate(work, declaration))


@declarations.post("/affiliations/<uuid:affiliation_id>/relaunch")
@declarations.creating
@declarations.response(200, schemas.AffiliationDetail)
def relaunch(affiliation_id: UUID) -> dict[str, Any]:
    """Relancer un salarié qui n'a pas répondu"""
    work = http.work()
    return queries.detail(work, follow_up.relaunch(work, affiliation_id))


@declarations.post("/affiliations/<uuid:affiliation_id>/abandon")
@declarations.arguments(schemas.AbandonReason)
@declarations.response(200, schemas.AffiliationDetail)
def abandon(said: dict[str, Any], affiliation_id: UUID) -> dict[str, Any]:
    """Abandonner une affiliation"""
    work = http.work()
    return queries.detail(work, follow_up.abandon(work, affiliation_id, said["reason"]))


@follow_ups.get("/affiliations")
@follow_ups.arguments(schemas.FollowUpQuery, location="query")
@follow_ups.response(200, schemas.FollowUpPage)
def list_affiliations(asked: dict[str, Any]) -> dict[str, Any]:
    """Suivi des affiliations, le statut le plus récent d'abord"""
    return queries.follow_up(http.work(), asked)


@follow_ups.get("/affiliations/<uuid:affiliation_id>")
@follow_ups.response(200, schemas.AffiliationDetail)
def show_affiliation(affiliation_id: UUID) -> dict[str, Any]:
    """Une affiliation et son historique daté"""
    work = http.work()
    return queries.detail(work, access.affiliation(work, affiliation_id))


@journeys.get("/journey")
@journeys.response(200, schemas.Journey)
def show_journey() -> dict[str, Any]:
    """Mon affiliation : brouillon, pièces, actions possibles"""
    work = http.work()
    return queries.journey(work, access.own_affiliation(work))


@journeys.post("/journey/start")
@journeys.response(200, schemas.Journey)
def start_journey() -> dict[str, Any]:
    """Démarrer mon affiliation"""
    work = http.work()
    return queries.journey(work, journey.start(work))


@journeys.put("/journey/draft")
@journeys.arguments(schemas.DraftChanges)
@journeys.arguments(schemas.DraftMatch, location="headers")
@journeys.response(200, schemas.Journey)
def save_draft(changes: dict[str, Any], matched: int | None) -> dict[str, Any]:
    """Enregistrer mon brouillon : seules les informations envoyées changent"""
    work = http.work()
    version = changes.pop("version", matched)
    return queries.journey(work, journey.save_draft(work, changes, version))


@journeys.post("/journey/finalise")
@journeys.arguments(schemas.Certification)
@journeys.response(200, schemas.Journey)
def finalise_journey(_certified: dict[str, Any]) -> dict[str, Any]:
    """Finaliser mon affiliation"""
    work = http.work()
    return queries.journey(work, journey.finalise(work))
