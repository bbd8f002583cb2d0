"""« Faire une déclaration de portabilité » (S4:150-168): the member's door, and the caseworker's."""

import uuid
from typing import Any

from chassis import http
from services.members import schemas
from services.members.actions import requests
from services.members.queries import requests as queries
from services.members.rules.requests import Verb

ID = "<uuid:request_id>"

member = http.Door("my_portability", __name__, url_prefix="/me/portability", audience=("member",), description="Ma portabilité")
caseworker = http.Door(
    "portability_requests", __name__, url_prefix="/portability-requests", audience=("caseworker",), description="Portabilités déclarées"
)


@member.get("")
@member.response(200, schemas.MyPortability, description="Mes déclarations, et ce que je peux encore déclarer")
def list_mine() -> dict[str, Any]:
    """Suivre mes déclarations de portabilité"""
    return queries.mine(http.work())


@member.post("")
@member.creating
@member.arguments(schemas.PortabilityBody)
@member.response(201, schemas.PortabilityLine, description="La déclaration et où elle en est")
def declare(form: dict[str, Any]) -> dict[str, Any]:
    """Faire une déclaration de portabilité"""
    work = http.work()
    return queries.one(work, requests.declare(work, form).id)


@member.post(f"/{ID}/proofs")
@member.arguments(schemas.ProofsBody)
@member.response(200, schemas.PortabilityLine, description="La déclaration et où elle en est")
def join(form: dict[str, Any], request_id: uuid.UUID) -> dict[str, Any]:
    """Joindre un justificatif à ma déclaration"""
    work = http.work()
    return queries.one(work, requests.join(work, request_id, **form).id)


@member.post(f"/{ID}/withdrawal")
@member.response(200, schemas.PortabilityLine, description="La déclaration retirée")
def withdraw(request_id: uuid.UUID) -> dict[str, Any]:
    """Retirer ma déclaration"""
    work = http.work()
    return queries.one(work, requests.withdraw(work, request_id).id)


@caseworker.get("")
@caseworker.arguments(schemas.PortabilityQuery, location="query")
@caseworker.response(200, schemas.PortabilityCases, description="Une page, de la plus ancienne à la plus récente")
def list_waiting(page: dict[str, Any]) -> dict[str, Any]:
    """Les déclarations de portabilité qui attendent"""
    return queries.waiting(http.work(), **page)


@caseworker.post(f"/{ID}/proof-refusal")
@caseworker.arguments(schemas.RefusalBody)
@caseworker.response(200, schemas.PortabilityLine, description="Un autre justificatif est attendu")
def refuse_proof(form: dict[str, Any], request_id: uuid.UUID) -> dict[str, Any]:
    """Refuser le justificatif, et dire pourquoi"""
    work = http.work()
    return queries.one(work, requests.refuse(work, request_id, Verb.REFUSE_PROOF, **form).id)


@caseworker.post(f"/{ID}/refusal")
@caseworker.arguments(schemas.RefusalBody)
@caseworker.response(200, schemas.PortabilityLine, description="La déclaration refusée")
def refuse(form: dict[str, Any], request_id: uuid.UUID) -> dict[str, Any]:
    """Refuser la déclaration, et dire pourquoi"""
    work = http.work()
    return queries.one(work, requests.refuse(work, request_id, Verb.REFUSE, **form).id)
