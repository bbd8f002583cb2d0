"""What the edge asks with each request, and the keys that verify the answer. Nothing here passes through the gateway."""

from typing import Any

from flask import Response, jsonify

from chassis import http
from services.identity.actions import sessions
from services.identity.routes.doors import EdgeDoor
from services.identity.schemas import edge as schemas

door = EdgeDoor("edge", __name__, url_prefix="/_", description="Réservé à la passerelle")
keys_door = http.Door("keys", __name__, audience=(http.EVERYONE,), url_prefix="/_", description="Clés publiques")


@door.post("/identities")
@door.arguments(schemas.QuestionForm)
@door.response(200, schemas.IdentityAnswer)
def identify(form: dict[str, Any]) -> dict[str, str]:
    """Signer l'identité d'une session ou d'un visiteur, pour un service"""
    identity, kind = sessions.identify(http.work(), sessions.Question(**form), http.adapters().signer)
    return {"identity": identity, "kind": kind}


@keys_door.get("/jwks")
@keys_door.response(200)
def jwks() -> Response:
    """Clés publiques de signature (JWKS)"""
    return jsonify(http.adapters().jwks)
