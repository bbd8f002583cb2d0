"""The general conditions, accepted again when they changed."""

from typing import Any

from chassis import http
from services.identity import queries
from services.identity.actions import terms
from services.identity.schemas import terms as schemas

door = http.Door("terms", __name__, audience=("member", "employer", "caseworker"), description="Conditions générales")


@door.get("/me/terms")
@door.response(200, schemas.OwnTermsAnswer)
def own_terms() -> dict[str, Any]:
    """Conditions générales de mon espace, et ce que j'en ai accepté"""
    return queries.own_terms(http.work())


@door.post("/me/terms")
@door.arguments(schemas.AcceptedTermsForm)
@door.response(204)
def accept(form: dict[str, Any]) -> None:
    """Accepter les conditions générales en vigueur"""
    terms.accept_own(http.work(), form["terms_version"])
