"""« Indiquez si vous acceptez les contacts par SMS » (S0:134): each question, one's answers, and their history."""

from typing import Any

from chassis import http
from services.identity import queries
from services.identity.actions import consents
from services.identity.schemas.consents import ConsentForm, ConsentsAnswer

door = http.Door("consents", __name__, audience=("member",), description="Mes choix de contact")


@door.get("/consents")
@door.response(200, ConsentsAnswer)
def list_consents() -> dict[str, Any]:
    """Ce que j'accepte de recevoir, et par quel moyen"""
    return queries.consents(http.work())


@door.put("/consents")
@door.arguments(ConsentForm)
@door.response(200, ConsentsAnswer)
def answer(form: dict[str, Any]) -> dict[str, Any]:
    """Accepter ou refuser d'être contacté sur un sujet, par un moyen"""
    consents.answer(http.work(), **form)
    return queries.consents(http.work())


@door.get("/consents/history")
@door.response(200, ConsentsAnswer)
def history() -> dict[str, Any]:
    """Toutes mes réponses, de la plus récente à la plus ancienne"""
    return queries.consent_history(http.work())
