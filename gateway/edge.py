"""The edge: a small Flask application for everything that is not the data path, answering problems to programs and pages to people."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from chassis import logs, problems
from chassis.service import Service
from gateway import access, caught, colours, front, openapi, reasons, routing, shield, workshop
from gateway.config import EdgeBrand, Settings
from gateway.house import NAME, House, house
from gateway.readiness import Readiness
from gateway.upstream import Down, Upstream

FOLDER = Path(__file__).resolve().parent
FOR_PROGRAMS = ("/api/", "/_feed/", "/_edge/", "/healthz", "/readyz")
PAGES_FOR_PROGRAMS = ("/api/docs",)
CACHED_S = 3_600
WORST_FIRST = ("down", "degraded", "ready")


def create(settings: Settings, brands: Mapping[str, EdgeBrand], upstream: Upstream, services: Mapping[str, Service]) -> Flask:
    """The edge's WSGI application."""
    app = Flask("gateway", root_path=str(FOLDER), template_folder="pages", static_folder="static", static_url_path="/static")
    app.config.update(SEND_FILE_MAX_AGE_DEFAULT=CACHED_S, MAX_CONTENT_LENGTH=routing.PAGES_MAX_BODY)
    app.extensions[NAME] = House(settings, brands, upstream, services, Readiness(upstream, services))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_common)
    app.after_request(_protect)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_anything)
    for door in (front.door, access.door, caught.door, reasons.door, workshop.door):
        app.register_blueprint(door)
    app.add_url_rule("/brand.css", view_func=colours.stylesheet)
    app.add_url_rule("/api/openapi.json", view_func=api_description)
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/readyz", view_func=readyz)
    return app


def api_description() -> Response:
    """The merged description of the API."""
    home = house()
    return jsonify(openapi.gathered(home.upstream, home.services))


def healthz() -> Response:
    """Alive: this process answers."""
    return jsonify(status="live")


def readyz() -> tuple[Response, int]:
    """The worst of what the services say of themselves; 503 only when one of them is down. Why is told inside alone (``/_/ready``).

    Anybody may ask, as often as they like: the services themselves are asked once a second.
    """
    found = house().readiness.told()
    status = next(level for level in WORST_FIRST if level == "ready" or level in found.values())
    services = {name: {"status": said} for name, said in found.items()}
    return jsonify(status=status, rung=house().settings.rung, services=services), 503 if status == "down" else 200


def _common() -> dict[str, Any]:
    home = house()
    return {
        "place": home.place,
        "brand": home.brand,
        "brands": home.brands,
        "look": colours.version(home.brands),
        "settings": home.settings,
    }


def _protect(answer: Response) -> Response:
    """Pages get the policy of pages; everything else keeps the strictest one, which the threshold adds.

    Another place of this host is told without its name: only nginx knows whether it is reached over TLS.
    """
    if answer.location and answer.location.startswith(request.host_url):
        answer.location = "/" + answer.location.removeprefix(request.host_url).lstrip("/")
    if answer.mimetype == "text/html":
        answer.headers.setdefault("Content-Security-Policy", shield.PAGE_POLICY)
    return answer


def _on_http(error: HTTPException) -> Response:
    status = error.code or 500
    answer = _refused(status)
    if valid := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(valid))
    elif status < 400:
        return Response(error.get_response().response, status, error.get_response().headers)
    return answer


def _on_anything(error: Exception) -> Response:
    if isinstance(error, Down):
        return _refused(503)
    logs.log("gateway").exception("edge.failed", error=type(error).__name__)
    return _refused(500)


def _refused(status: int) -> Response:
    """The same refusal, told to a program or to a person."""
    if request.path.startswith(FOR_PROGRAMS) and request.path not in PAGES_FOR_PROGRAMS:
        return problems.from_status(status)
    slug, title = problems.named(status)
    answer = Response(render_template("refusal.html", status=status, slug=slug, title=title), status=status, mimetype="text/html")
    if status in (429, 503):
        answer.headers["Retry-After"] = "2"
    return answer
