"""Mobile applications that stay signed in (S4:34, S2:75): asked once after signing in, then prolonged without anybody."""

from typing import Any

from chassis import http
from services.identity.actions import mobile
from services.identity.routes.doors import VisitorDoor
from services.identity.schemas.mobile import MobilePairAnswer, RefreshForm

door = http.Door("mobile", __name__, audience=("member",), description="Application mobile")
refresh_door = VisitorDoor("mobile-refresh", __name__, description="Application mobile")


@door.post("/mobile/sessions")
@door.response(201, MobilePairAnswer)
def stay() -> mobile.Pair:
    """Rester connecté dans l'application, juste après la connexion"""
    return mobile.stay(http.work())


@refresh_door.post("/mobile/refresh")
@refresh_door.creating
@refresh_door.arguments(RefreshForm)
@refresh_door.response(201, MobilePairAnswer)
def refresh(form: dict[str, Any]) -> mobile.Pair:
    """Obtenir les jetons suivants ; avec une clé d'idempotence, une réponse perdue se redemande sans risque"""
    return mobile.refresh(http.work(), form["refresh_token"])
