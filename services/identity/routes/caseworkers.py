"""The platform's own people, kept by its administrators."""

import uuid
from typing import Any

from chassis import http
from services.identity import queries
from services.identity.actions import caseworkers
from services.identity.schemas import caseworkers as schemas

door = http.Door("caseworkers", __name__, audience=("caseworker",), description="Conseillers de la plateforme")
ONE = "/caseworkers/<uuid:caseworker_id>"


@door.get("/caseworkers")
@door.response(200, schemas.CaseworkersAnswer)
def list_caseworkers() -> dict[str, Any]:
    """Les conseillers, actifs, suspendus ou invités"""
    caseworkers.administering(http.work())
    return queries.caseworkers(http.work())


@door.post("/caseworkers")
@door.creating
@door.arguments(schemas.NewCaseworker)
@door.response(201, schemas.CaseworkerAnswer, description="Un lien part par e-mail ; le second facteur s'enregistre en le suivant")
def invite(form: dict[str, Any]) -> dict[str, Any]:
    """Inviter un conseiller"""
    work = http.work()
    return queries.caseworker_invited(work, caseworkers.invite(work, form))


@door.post(f"{ONE}/link")
@door.creating
@door.response(200, schemas.CaseworkerAnswer)
def resend(caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Renvoyer le lien d'une invitation"""
    work = http.work()
    return queries.caseworker_invited(work, caseworkers.resend(work, caseworker_id))


@door.delete(f"{ONE}/link")
@door.response(204)
def withdraw(caseworker_id: uuid.UUID) -> None:
    """Retirer une invitation"""
    caseworkers.withdraw(http.work(), caseworker_id)


@door.put(f"{ONE}/role")
@door.arguments(schemas.RoleForm)
@door.response(200, schemas.CaseworkerAnswer)
def change_role(form: dict[str, Any], caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Changer le rôle d'un conseiller"""
    return queries.caseworker(caseworkers.change_role(http.work(), caseworker_id, form["role"]))


@door.post(f"{ONE}/suspension")
@door.response(200, schemas.CaseworkerAnswer)
def suspend(caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Suspendre un conseiller : tout ce qui lui est ouvert se ferme"""
    return queries.caseworker(caseworkers.suspend(http.work(), caseworker_id))


@door.post(f"{ONE}/reactivation")
@door.response(200, schemas.CaseworkerAnswer)
def reactivate(caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Réactiver un conseiller"""
    return queries.caseworker(caseworkers.reactivate(http.work(), caseworker_id))
