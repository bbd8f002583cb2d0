"""The platform's own people, kept by its administrators."""

import uuid
from typing import Any

from chassis import http
from services.identity import queries
from services.identity.actions import caseworkers, rearming
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
@door.sensitive
def invite(form: dict[str, Any]) -> dict[str, Any]:
    """Inviter un conseiller"""
    work = http.work()
    return queries.caseworker_invited(work, caseworkers.invite(work, form))


@door.post(f"{ONE}/link")
@door.creating
@door.response(200, schemas.CaseworkerAnswer)
@door.sensitive
def resend(caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Renvoyer le lien d'une invitation, ou d'un accès à refaire"""
    work = http.work()
    return queries.caseworker_linked(work, caseworkers.resend(work, caseworker_id))


@door.delete(f"{ONE}/link")
@door.response(204)
def withdraw(caseworker_id: uuid.UUID) -> None:
    """Retirer une invitation, ou le lien d'un accès à refaire"""
    caseworkers.withdraw(http.work(), caseworker_id)


@door.put(f"{ONE}/role")
@door.arguments(schemas.RoleForm)
@door.response(200, schemas.CaseworkerAnswer)
@door.sensitive
def change_role(form: dict[str, Any], caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Changer le rôle d'un conseiller"""
    work = http.work()
    return queries.caseworker(work, caseworkers.change_role(work, caseworker_id, form["role"]))


@door.post(f"{ONE}/suspension")
@door.response(200, schemas.CaseworkerAnswer)
def suspend(caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Suspendre un conseiller : tout ce qui lui est ouvert se ferme"""
    work = http.work()
    return queries.caseworker(work, caseworkers.suspend(work, caseworker_id))


@door.post(f"{ONE}/reactivation")
@door.response(200, schemas.CaseworkerAnswer)
@door.sensitive
def reactivate(caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Réactiver un conseiller"""
    work = http.work()
    return queries.caseworker(work, caseworkers.reactivate(work, caseworker_id))


@door.post(f"{ONE}/rearming")
@door.creating
@door.arguments(schemas.RearmingForm)
@door.response(200, schemas.CaseworkerAnswer, description="Pour qui administre la plateforme, rien ne change avant une seconde approbation")
@door.sensitive
def ask_rearming(form: dict[str, Any], caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Refaire l'accès d'un conseiller qui a perdu son mot de passe ou son application : ce qu'il avait est fermé, un lien lui est envoyé"""
    work = http.work()
    return queries.caseworker(work, rearming.ask(work, caseworker_id, form["reason"]))


@door.post(f"{ONE}/rearming/approval")
@door.response(200, schemas.CaseworkerAnswer)
@door.sensitive
def approve_rearming(caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Approuver, à deux, que l'accès de quelqu'un qui administre la plateforme soit refait"""
    work = http.work()
    return queries.caseworker(work, rearming.approve(work, caseworker_id))


@door.post(f"{ONE}/rearming/refusal")
@door.response(200, schemas.CaseworkerAnswer)
def refuse_rearming(caseworker_id: uuid.UUID) -> dict[str, Any]:
    """Refuser que cet accès soit refait, ou y renoncer"""
    work = http.work()
    return queries.caseworker(work, rearming.refuse(work, caseworker_id))
