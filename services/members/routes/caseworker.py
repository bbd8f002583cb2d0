"""What a caseworker does: open contracts, watch the feed, take proofs of portability."""

import uuid
from typing import Any

from chassis import http
from services.members.actions import portability, portfolio
from services.members.models import Contract
from services.members.queries import feed, motives
from services.members.schemas import BenefitEndBody, ContractCreated, FactsQuery, FeedFacts, Motives, NewContract, ProofBody

door = http.Door("contracts", __name__, audience=("caseworker",), description="Contrats collectifs et faits de paie")


@door.post("/contracts")
@door.creating
@door.arguments(NewContract)
@door.response(201, ContractCreated, description="Le contrat ouvert")
def open_contract(form: dict[str, Any]) -> Contract:
    """Ouvrir le contrat collectif d'une entreprise"""
    return portfolio.open_contract(http.work(), form)


@door.get("/facts")
@door.arguments(FactsQuery, location="query")
@door.response(200, FeedFacts, description="Les faits, du plus récent au plus ancien")
def list_facts(asked: dict[str, Any]) -> dict[str, Any]:
    """Lister les faits reçus des paies, avec ce qu'ils sont devenus et pourquoi"""
    return feed.facts(http.work(), asked)


@door.get("/motives")
@door.response(200, Motives, description="Les motifs, par code, tels que la marque les classe")
def list_every_motive() -> dict[str, Any]:
    """Lire la table des motifs de fin de contrat et ce que chacun entraîne"""
    return motives.motives(http.work())


@door.post("/persons/<uuid:person_id>/portability-proof")
@door.arguments(ProofBody)
@door.response(204, description="Le justificatif est pris en compte")
def prove_portability(form: dict[str, Any], person_id: uuid.UUID) -> None:
    """Prendre en compte le justificatif d'indemnisation par l'assurance chômage"""
    portability.prove(http.work(), person_id, form["received_on"])


@door.post("/persons/<uuid:person_id>/portability-end")
@door.arguments(BenefitEndBody)
@door.response(204, description="La portabilité s'arrête")
def stop_portability(form: dict[str, Any], person_id: uuid.UUID) -> None:
    """Arrêter la portabilité quand l'indemnisation par l'assurance chômage cesse"""
    portability.stop(http.work(), person_id, form["ended_on"])
