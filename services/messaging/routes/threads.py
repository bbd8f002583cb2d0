"""The mailbox (S0:229-259, S1:321-342)."""

import uuid
from typing import Any

from chassis import http
from services.messaging.actions import threads as actions
from services.messaging.queries import threads as queries
from services.messaging.schemas import threads as schemas

mailbox = http.Door("mailbox", __name__, audience=("member", "employer", "caseworker"), description="Messagerie")
mine = http.Door("mailbox_own", __name__, audience=("member", "employer"), description="Messagerie")
desk = http.Door("mailbox_desk", __name__, audience=("caseworker",), description="Messagerie")


@mine.get("/motifs")
@mine.arguments(schemas.MotifsQuery, location="query")
@mine.response(200, schemas.MotifsAnswer)
def list_motifs(asked: dict[str, Any]) -> dict[str, Any]:
    """Ce dont on peut nous parler, avec ce qui le fait tout de suite"""
    return queries.motifs(http.work(), **asked)


@mine.post("/threads")
@mine.creating
@mine.arguments(schemas.ThreadForm)
@mine.response(201, schemas.ThreadAnswer)
def open_thread(form: dict[str, Any]) -> dict[str, Any]:
    """Nous écrire"""
    work = http.work()
    return queries.detail(work, actions.open_thread(work, form))


@mailbox.get("/threads")
@mailbox.arguments(schemas.ThreadsQuery, location="query")
@mailbox.response(200, schemas.ThreadPage)
def list_threads(asked: dict[str, Any]) -> dict[str, Any]:
    """Mes conversations, ou celles qu'un conseiller traite, de la plus récente à la plus ancienne"""
    return queries.threads(http.work(), asked)


@mailbox.get("/threads/<uuid:thread_id>")
@mailbox.response(200, schemas.ThreadAnswer)
def show_thread(thread_id: uuid.UUID) -> dict[str, Any]:
    """Une conversation et ses messages"""
    work = http.work()
    return queries.detail(work, actions.consult(work, thread_id))


@mailbox.post("/threads/<uuid:thread_id>/messages")
@mailbox.creating
@mailbox.arguments(schemas.MessageForm)
@mailbox.response(201, schemas.ThreadAnswer)
def reply(form: dict[str, Any], thread_id: uuid.UUID) -> dict[str, Any]:
    """Répondre dans une conversation"""
    work = http.work()
    return queries.detail(work, actions.reply(work, thread_id, form))


@mine.post("/threads/<uuid:thread_id>/read")
@mine.response(200, schemas.ThreadAnswer)
def mark_read(thread_id: uuid.UUID) -> dict[str, Any]:
    """Marquer une conversation comme lue"""
    work = http.work()
    return queries.detail(work, actions.mark_read(work, thread_id))


@desk.post("/threads/<uuid:thread_id>/close")
@desk.response(200, schemas.ThreadAnswer)
def close(thread_id: uuid.UUID) -> dict[str, Any]:
    """Clore une conversation"""
    work = http.work()
    return queries.detail(work, actions.close(work, thread_id))
