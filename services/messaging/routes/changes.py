"""What changed for my employees since last time, and the digest of it (S1:312)."""

from typing import Any

from chassis import http
from services.messaging.actions import changes as actions
from services.messaging.actions import digests
from services.messaging.queries import changes as queries
from services.messaging.schemas import changes as schemas

news = http.Door("changes", __name__, audience=("employer",), description="Ce qui a changé pour mes salariés")


@news.get("/changes")
@news.arguments(schemas.ChangesQuery, location="query")
@news.response(200, schemas.ChangesPage)
def list_changes(asked: dict[str, Any]) -> dict[str, Any]:
    """Ce qui a changé pour mes salariés, par jour puis par établissement"""
    return queries.changes(http.work(), **asked)


@news.post("/changes/seen")
@news.arguments(schemas.SeenForm)
@news.response(200, schemas.SinceAnswer)
def see_changes(form: dict[str, Any]) -> dict[str, Any]:
    """Marquer comme vu ce qui a changé jusque-là"""
    actions.see(http.work(), **form)
    return queries.since(http.work())


@news.get("/digest")
@news.response(200, schemas.DigestAnswer)
def show_digest() -> dict[str, Any]:
    """À quel rythme je reçois par e-mail le résumé de ce qui a changé"""
    return queries.digest(http.work())


@news.put("/digest")
@news.arguments(schemas.DigestForm)
@news.response(200, schemas.DigestAnswer)
def choose_digest(form: dict[str, Any]) -> dict[str, Any]:
    """Choisir ce rythme : chaque jour, chaque semaine ou jamais"""
    digests.choose(http.work(), **form)
    return queries.digest(http.work())
