"""What payrolls told that somebody should look at: whom a month forgot, and whom nobody affiliated yet."""

from typing import Any

from chassis import http
from services.members.queries import anomalies, feed
from services.members.schemas import Anomalies, AnomaliesQuery, WaitingFacts

both = http.Door("anomalies", __name__, audience=("employer", "caseworker"), description="Anomalies des déclarations mensuelles")
employer = http.Door("payroll", __name__, audience=("employer",), description="Ce que la paie a déclaré et qui attend")


@both.get("/anomalies")
@both.arguments(AnomaliesQuery, location="query")
@both.response(200, Anomalies, description="Les anomalies, du mois le plus récent au plus ancien")
def list_anomalies(asked: dict[str, Any]) -> dict[str, Any]:
    """Lister les salariés absents d'un mois entièrement déclaré"""
    return anomalies.anomalies(http.work(), **asked)


@employer.get("/waiting-facts")
@employer.arguments(http.PageById, location="query")
@employer.response(200, WaitingFacts, description="Une ligne par salarié et par établissement, la plus récente d'abord")
def list_waiting(asked: dict[str, Any]) -> dict[str, Any]:
    """Lister les salariés que votre paie déclare et qu'aucune affiliation ne rejoint encore"""
    return feed.waiting(http.work(), **asked)
