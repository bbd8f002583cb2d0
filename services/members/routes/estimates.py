"""« Demander une estimation de remboursement » (S4:123-128)."""

from typing import Any

from chassis import http
from services.members.queries import estimates
from services.members.schemas.estimates import EstimableActs, EstimateAnswer, EstimateBody

door = http.Door("estimates", __name__, url_prefix="/me/estimates", audience=("member",), description="Estimations")


@door.get("/acts")
@door.response(200, EstimableActs, description="Les soins, et les situations qui changent leur prise en charge")
def list_acts() -> dict[str, Any]:
    """Choisir le soin à estimer"""
    return estimates.acts()


@door.post("")
@door.arguments(EstimateBody)
@door.response(200, EstimateAnswer, description="Qui paie quoi, et pourquoi")
def estimate(form: dict[str, Any]) -> dict[str, Any]:
    """Estimer un remboursement, étape par étape ; rien n'est gardé"""
    return estimates.my_estimate(http.work(), form)
