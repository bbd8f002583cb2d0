"""The HTTP door: the bell of members and employers, and the demo's caught messages behind the edge's secret."""

import uuid
from typing import Any

from flask import Response

from chassis import http
from chassis.edge import InnerDoor
from services.messaging import actions
from services.messaging.queries import bell as queries
from services.messaging.schemas import bell as schemas

bell = http.Door("notices", __name__, audience=("member", "employer"))
returns = http.Door("undelivered", __name__, audience=("caseworker",), description="Ce qui n'a pas pu être remis")
inside = InnerDoor("caught", __name__, url_prefix="/_")


@bell.get("/notices")
@bell.arguments(http.PageById, location="query")
@bell.response(200, schemas.NoticesAnswer, description="Les avis, du plus récent au plus ancien.")
def list_notices(page: dict[str, Any]) -> dict[str, Any]:
    """Mes avis, du plus récent au plus ancien"""
    return queries.bell(http.work(), http.adapters().composer.ring, **page)


@bell.post("/notices/<uuid:notice_id>/read")
@bell.response(200, schemas.NoticeAnswer, description="L'avis, marqué comme lu.")
def read_notice(notice_id: uuid.UUID) -> queries.BellEntry:
    """Marquer un avis comme lu"""
    notice = actions.mark_read(http.work(), notice_id)
    return queries.bell_entry(http.work(), http.adapters().composer.ring, notice)


@returns.get("/undelivered")
@returns.arguments(http.PageById, location="query")
@returns.response(200, schemas.UndeliveredPage)
def list_undelivered(page: dict[str, Any]) -> dict[str, Any]:
    """Les messages qu'aucun transporteur n'a pris : e-mails refusés, adresses inconnues"""
    return queries.undelivered(http.work(), **page)


@inside.get("/caught")
@inside.arguments(http.PageById, location="query")
@inside.response(200, schemas.CaughtMessagesAnswer, description="Les messages retenus, du plus récent au plus ancien.")
def list_caught(page: dict[str, Any]) -> dict[str, Any]:
    """Les messages retenus par la démonstration"""
    return queries.caught(http.work(), **page)


@inside.get("/caught/<uuid:message_id>/attachment.pdf")
@inside.response(200, description="La lettre, en PDF.", content_type="application/pdf")
def caught_letter(message_id: uuid.UUID) -> Response:
    """Le PDF d'une lettre retenue"""
    pdf = queries.caught_letter(http.work(), message_id)
    return Response(pdf, content_type="application/pdf", headers={"Content-Disposition": "inline; filename=lettre.pdf"})
