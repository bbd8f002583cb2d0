"""A creating POST sent twice creates once: the first answer is kept with its effect, and given again to the same request.

Scope: actor + operation + ``Idempotency-Key``. Same body: same answer; other body: 422; still running: 409; refusals are not kept.
"""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, request
from sqlalchemy import insert, select, text

from chassis import problems, tables
from chassis.labels import _
from chassis.service import Running
from chassis.work import Work

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Content-Type", "Location", "ETag")
MAX_KEY = 200
V = TypeVar("V", bound=Callable[..., Any])


class KeyReused(problems.Refusal):
    status, slug, title = 422, "cle-deja-utilisee", _("Cette clé d'idempotence a déjà servi pour une autre demande.")


class BadKey(problems.Refusal):
    status, slug, title = 422, "cle-invalide", _("La clé d'idempotence doit compter de 1 à 200 caractères visibles.")


def mark(view: V) -> V:
    """Say that a view creates."""
    view._creates = True  # type: ignore[attr-defined]
    return view


def once(running: Running, work: Work[Any], view: Any, act: Callable[[], Any]) -> Any:
    """Run ``act``, or give again what it answered the first time."""
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST" or not getattr(view, "_creates", False):  # the view of a POST answers its OPTIONS too
        return act()
    if not 1 <= len(key) <= MAX_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise BadKey
    name = hashlib.sha256(f"{work.actor.name}\n{work.actor.reference}\n{request.endpoint}\n{request.path}\n{key}".encode()).hexdigest()
    _take_turn(work, name)
    asked = hashlib.sha256(request.get_data()).digest()
    return _again(running, work, name, asked) or _first(running, work, name, asked, act)


def _take_turn(work: Work[Any], name: str) -> None:
    taken = work.session.scalar(text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
    if not taken:
        raise problems.Busy(retry_after=1)


def _again(running: Running, work: Work[Any], name: str, asked: bytes) -> Response | None:
    kept = work.session.execute(select(tables.idempotency).where(tables.idempotency.c.key == name)).one_or_none()
    if kept is None:
        return None
    if kept.request_hash != asked:
        raise KeyReused
    return Response(running.service.vault.open(kept.body), status=kept.status, headers={**kept.headers, "Idempotency-Replayed": "true"})


def _first(running: Running, work: Work[Any], name: str, asked: bytes, act: Callable[[], Any]) -> Any:
    answer = act()
    response = answer if isinstance(answer, Response) else Response(answer)
    if response.status_code < 400:
        kept = {
            "key": name,
            "request_hash": asked,
            "status": response.status_code,
            "body": running.service.vault.seal(response.get_data(as_text=True)),
        }
        headers = {header: response.headers[header] for header in KEPT_HEADERS if header in response.headers}
        work.session.execute(insert(tables.idempotency), kept | {"headers": headers})
    return response
