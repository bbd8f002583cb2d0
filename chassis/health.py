"""The plumbing's own routes, under ``/_/``: never reachable through the gateway."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from flask_smorest import Api
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from chassis import inbox
from chassis.migrate import current_revision, head_revision
from chassis.service import Running

UNSENT = text("SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0) FROM outbox WHERE sent_at IS NULL")
UNAPPLIED = text("""
SELECT coalesce(extract(epoch FROM now() - min(next_try_at)), 0) FROM inbox i WHERE state = 'waiting' AND next_try_at <= now()
AND NOT EXISTS (SELECT FROM inbox e WHERE e.subject = i.subject AND e.position < i.position AND e.state <> 'done')
""")
"""How long the oldest fact has waited that nothing but the worker keeps waiting, in seconds."""
LAG_S = 60


def plumbing(api: Api) -> Blueprint:
    """Liveness, readiness, metrics and the OpenAPI document of this service."""
    door = Blueprint("plumbing", __name__, url_prefix="/_")

    @door.get("/live")
    def live() -> Response:
        return jsonify(status="live")

    @door.get("/ready")
    def ready() -> tuple[Response, int]:
        report = examine(_running())
        return jsonify(report), 200 if report["status"] != "down" else 503

    @door.get("/metrics")
    def metrics() -> Response:
        running = _running()
        examine(running)
        return Response(running.metrics.render(), content_type="text/plain; version=0.0.4; charset=utf-8")

    @door.get("/openapi.json")
    def openapi() -> Response:
        assert api.spec is not None
        return jsonify(api.spec.to_dict())

    return door


def examine(running: Running) -> dict[str, Any]:
    """What an operator wants to know: ``ready``, ``degraded`` (works, but somebody should look) or ``down``, and why."""
    try:
        return _examine(running)
    except SQLAlchemyError as error:
        return {"service": running.name, "status": "down", "reasons": [f"database: {type(error).__name__}"]}


def _examine(running: Running) -> dict[str, Any]:
    with running.engine.connect() as connection:
        unsent, lag = connection.execute(UNSENT).one()
        counts, idle = inbox.counts(connection), connection.scalar(UNAPPLIED)
        revision = current_revision(connection)
    running.metrics.unsent.set(unsent)
    running.metrics.waiting.set(counts["waiting"])
    running.metrics.parked.set(counts["parked"])
    reasons = [
        *_missing(running),
        *(["events parked"] if counts["parked"] else []),
        *([f"outbox not drained for {lag:.0f} s"] if lag > LAG_S else []),
        *([f"inbox not drained for {idle:.0f} s"] if idle > LAG_S else []),
    ]
    if revision != head_revision(running.service):
        return {"service": running.name, "status": "down", "reasons": ["migrations missing"]}
    return {
        "service": running.name,
        "status": "degraded" if reasons else "ready",
        "reasons": reasons,
        "events": counts | {"unsent": unsent},
    }


def _missing(running: Running) -> list[str]:
    """What of the outside does not answer: the service works on, and says so."""
    reasons = []
    for name, ping in running.pings.items():
        try:
            ping()
        except Exception as error:  # a vendor may raise anything
            reasons.append(f"{name}: {type(error).__name__}")
    return reasons


def _running() -> Running:
    running: Running = current_app.running  # type: ignore[attr-defined]
    return running
