"""What people signed in ask about themselves."""

import uuid
from typing import Any

from chassis import http
from services.identity import queries
from services.identity.actions import sessions
from services.identity.schemas import own as schemas

door = http.Door("own", __name__, audience=("member", "employer", "caseworker", "applicant"), description="Mon compte")


@door.get("/me")
@door.response(200, schemas.MeAnswer)
def me() -> dict[str, Any]:
    """Qui est connecté"""
    return queries.me(http.work())


@door.get("/sessions")
@door.response(200, schemas.SessionsAnswer)
def list_sessions() -> dict[str, Any]:
    """Mes connexions en cours"""
    return queries.sessions(http.work())


@door.delete("/sessions")
@door.response(204)
def end_others() -> None:
    """Mettre fin à toutes mes autres connexions, et ne plus faire confiance à aucun appareil"""
    sessions.end_others(http.work())


@door.delete("/sessions/current")
@door.response(204)
def sign_out() -> None:
    """Se déconnecter"""
    sessions.end_current(http.work())


@door.delete("/sessions/<uuid:session_id>")
@door.response(204)
def end_session(session_id: uuid.UUID) -> None:
    """Mettre fin à une autre de mes connexions"""
    sessions.end_one(http.work(), session_id)
