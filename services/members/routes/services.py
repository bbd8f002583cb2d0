"""« Mes services » (S0:313-320, S3:220-227, S4:295-318)."""

from typing import Any

from chassis import http
from services.members.actions import services as actions
from services.members.adapters import tokens
from services.members.queries import services
from services.members.schemas.services import HandOver, MyServices

door = http.Door("services", __name__, url_prefix="/me/services", audience=("member",), description="Mes services")


@door.get("")
@door.response(200, MyServices, description="Par famille : ouvert et par quel contrat, ou pourquoi non")
def list_services() -> dict[str, Any]:
    """Consulter mes services"""
    return services.catalogue(http.work())


@door.post("/teleconsultation")
@door.response(201, HandOver, description="Un lien de deux minutes, qui ne dit pas qui vous êtes")
def open_teleconsultation() -> dict[str, Any]:
    """Accéder à la téléconsultation"""
    return actions.hand_over(http.work(), tokens.sign)
