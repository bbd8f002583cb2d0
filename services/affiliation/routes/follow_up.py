"""The follow-up (S1:230-249)."""

from typing import Any
from uuid import UUID

from chassis import http
from services.affiliation import access, queries, schemas
from services.affiliation.actions import follow_up

employer = http.Door("relaunches", __name__, audience=("employer",), description="Suivi des affiliations")
readers = http.Door("follow_ups", __name__, audience=("employer", "caseworker"), description="Suivi des affiliations")


@employer.post("/affiliations/<uuid:affiliation_id>/relaunch")
@employer.creating
@employer.response(200, schemas.AffiliationDetail)
def relaunch(affiliation_id: UUID) -> dict[str, Any]:
    """Relancer un salarié qui n'a pas répondu"""
    work = http.work()
    return queries.detail(work, follow_up.relaunch(work, affiliation_id))


@employer.post("/affiliations/<uuid:affiliation_id>/abandon")
@employer.arguments(schemas.AbandonReason)
@employer.response(200, schemas.AffiliationDetail)
def abandon(said: dict[str, Any], affiliation_id: UUID) -> dict[str, Any]:
    """Abandonner une affiliation"""
    work = http.work()
    return queries.detail(work, follow_up.abandon(work, affiliation_id, said["reason"]))


@readers.get("/affiliations")
@readers.arguments(schemas.FollowUpQuery, location="query")
@readers.response(200, schemas.FollowUpPage)
def list_affiliations(asked: dict[str, Any]) -> dict[str, Any]:
    """Suivi des affiliations, le statut le plus récent d'abord"""
    return queries.follow_up(http.work(), asked)


@readers.get("/affiliations/<uuid:affiliation_id>")
@readers.response(200, schemas.AffiliationDetail)
def show_affiliation(affiliation_id: UUID) -> dict[str, Any]:
    """Une affiliation et son historique daté"""
    work = http.work()
    return queries.detail(work, access.affiliation(work, affiliation_id))
