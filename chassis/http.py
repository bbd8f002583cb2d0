"""The HTTP door of a service: who calls, one transaction a request, problems as RFC 9457, schemas as OpenAPI 3.1."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, NoReturn, TypeVar

import marshmallow as ma
import structlog
from flask import Flask, Response, current_app, g, request
from flask import Request as FlaskRequest
from flask.json.provider import DefaultJSONProvider
from flask_smorest import Api, Blueprint
from msgspec import json
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from webargs.flaskparser import FlaskParser, abort, is_json_request
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from chassis import auth, french, idempotency, problems, streams
from chassis.actor import ANONYMOUS, Actor
from chassis.hold import Held
from chassis.service import Running
from chassis.trace import accept, trace_id

french.speak()  # before any schema is declared: a field takes its sentences when it is made
DATE_HEADER = "Affilia-Date"
EVERYONE = "everyone"
CREATES = "x-creates"
"""How an OpenAPI document marks an operation that honours ``Idempotency-Key``."""
V = TypeVar("V", bound=Callable[..., Any])


class _Reader(FlaskParser):
    """JSON bodies, and nothing that passes for one: what cannot be read is 400, what is another format is 415."""

    def load_json(self, req: FlaskRequest, schema: ma.Schema) -> Any:
        if not is_json_request(req) and req.get_data(cache=True):
            raise UnsupportedMediaType
        try:
            return super().load_json(req, schema)
        except (RecursionError, ValueError) as error:  # nested without end, or a number of thousands of digits
            raise BadRequest from error

    def _handle_invalid_json_error(self, error: Any, req: FlaskRequest, *_args: Any, **_options: Any) -> NoReturn:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        abort(400, exc=error, messages={"json": [french.BAD_JSON.format(line=line, column=column)]})


class Door(Blueprint):
    """Routes for named audiences. A door that names nobody does not open: ``audience`` lists actor kinds, or ``everyone``."""

    ARGUMENTS_PARSER: FlaskParser = _Reader()

    def __init__(self, name: str, import_name: str, *, audience: tuple[str, ...], **options: Any) -> None:
        if not audience:
            raise ValueError(f"the door {name} names no audience")
        super().__init__(name, import_name, **options)
        self.audience = audience
        self.before_request(self._let_in)

    def _let_in(self) -> None:
        kind = g.work.actor.kind
        if EVERYONE in self.audience or kind in self.audience:
            return
        raise problems.Unauthenticated if kind == ANONYMOUS else problems.Forbidden

    def creating(self, view: V) -> V:
        """Mark a route that creates: an ``Idempotency-Key`` makes its repetition harmless."""
        idempotency.mark(view)
        described: V = self.doc(**{CREATES: True})(view)
        return described

    def sensitive(self, view: V) -> V:
        """Say of a route that its act waits while a way into the account is new (:mod:`chassis.hold`): it may answer 423."""
        described: V = self.alt_response(Held.status, description=Held.title)(view)
        return described


class Answer(ma.Schema):
    """Base of what a service says: fields may be added, clients ignore what they do not know."""

    class Meta:
        unknown = ma.EXCLUDE


class Request(ma.Schema):
    """Base of what a service reads: an unknown field is refused by its name."""

    class Meta:
        unknown = ma.RAISE


class Page(Request):
    """Cursor pages: ``after``, which each list words in its way, is the ``next`` of the page before."""

    limit = ma.fields.Integer(load_default=50, strict=False, validate=ma.validate.Range(1, 200))


class PageQuery(Page):
    """Pages of rows in an order of their own."""

    after = ma.fields.String(load_default=None, validate=ma.validate.Length(max=200))


class PageById(Page):
    """Pages of rows that an id names."""

    after = ma.fields.UUID(load_default=None)


class _Api(Api):
    """flask-smorest, answering problems as every other error of the house."""

    DEFAULT_ERROR_RESPONSE_NAME: ClassVar[str | None] = None

    def handle_http_exception(self, error: HTTPException) -> Response:
        return _on_http(error)


class _Json(DefaultJSONProvider):
    """Answers are written by msgspec, many times faster; requests are read as Flask reads them: an error then knows its line."""

    def response(self, *args: Any, **kwargs: Any) -> Response:
        return Response(json.encode(self._prepare_response_obj(args, kwargs)), mimetype=self.mimetype)


class App(Flask):
    """Commits once, after the view and before the answer leaves; whatever is refused leaves nothing, unless the refusal keeps."""

    json_provider_class = _Json
    running: Running
    verifier: auth.Verifier
    streams: streams.Streams

    def dispatch_request(self) -> Any:
        work = g.work
        view = self.view_functions.get(request.endpoint or "")
        try:
            answer = self.make_response(idempotency.once(self.running, work, view, super().dispatch_request))
            if isinstance(answer, streams.Streamed):
                self.streams.begin(answer, work)
            elif answer.status_code < 400:
                self.running.commit(work)
            return answer
        except problems.Refusal as refusal:
            if refusal.keeps:
                self.running.commit(work)
            raise


def create_app(running: Running) -> App:
    """The WSGI application of a service: its doors, the plumbing's own routes under ``/_/``, nothing else."""
    from chassis import health

    app = App(running.name, static_folder=None)
    app.running, app.verifier = running, auth.Verifier(running.settings.keys.jwks, running.name)
    app.streams = streams.Streams(running)
    app.config.update(
        MAX_CONTENT_LENGTH=running.service.max_body,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=20,
        API_TITLE=running.service.title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
    )
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_close)
    for kind, handler in _HANDLERS.items():
        app.register_error_handler(kind, handler)
    api = _Api(app)
    for door in running.service.doors:
        api.register_blueprint(door)
    app.register_blueprint(health.plumbing(api))
    return app


def running() -> Running:
    """The service that answers, for the rare edge that needs a second transaction."""
    found: Running = current_app.running  # type: ignore[attr-defined]
    return found


def adapters() -> Any:
    """The running service's adapters, to hand to an action."""
    return running().adapters


def work() -> Any:
    """The work of this request, to hand to an action or a query."""
    return g.work


def _begin() -> None:
    g.started = time.perf_counter()
    app: App = current_app._get_current_object()  # type: ignore[attr-defined]
    traceparent = accept(request.headers.get("traceparent"))
    structlog.contextvars.bind_contextvars(trace=trace_id(traceparent))
    g.work = app.running.begin(_actor(app), traceparent=traceparent)
    g.work.pinned_today = _pinned(app)


def _actor(app: App) -> Any:
    token = request.headers.get(auth.HEADER)
    if token is None:
        return Actor(kind=ANONYMOUS)
    try:
        return app.verifier.actor(token)
    except auth.BadIdentity as error:
        raise problems.Unauthenticated from error


def _pinned(app: App) -> date | None:
    asked = request.headers.get(DATE_HEADER)
    if not asked or not app.running.settings.time_travel:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError as error:
        raise problems.Invalid.at(DATE_HEADER, french.BAD_DATE) from error


def _finish(answer: Response) -> Response:
    app: App = current_app._get_current_object()  # type: ignore[attr-defined]
    route = request.url_rule.rule if request.url_rule else "unknown"
    app.running.metrics.requests.labels(route, answer.status_code).inc()
    app.running.metrics.latency.labels(route).observe(time.perf_counter() - g.get("started", time.perf_counter()))
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if "work" in g:
        answer.headers["traceresponse"] = g.work.trace
        app.running.log.info("http.answered", route=route, method=request.method, status=answer.status_code, actor=g.work.actor.name)
    return answer


def _close(_error: BaseException | None) -> None:
    if "work" in g:
        g.work.session.close()
    structlog.contextvars.clear_contextvars()


def _on_refusal(refusal: problems.Refusal) -> Response:
    return problems.from_refusal(refusal)


def _on_http(error: HTTPException) -> Response:
    status = error.code or 500
    messages = getattr(error, "data", {}).get("messages") if hasattr(error, "data") else None
    extra = {"errors": french.flatten(messages)} if messages else {}
    answer = problems.from_status(status, **extra)
    if status == 405 and getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))  # type: ignore[attr-defined]
    return answer


def _on_conflict(error: IntegrityError) -> Response:
    running().log.warning("http.conflict", error=type(error.orig).__name__)
    return problems.from_refusal(problems.Refusal(french.CONFLICT))


def _on_unstorable(error: DataError | UnicodeEncodeError) -> Response:
    """A text with a NUL or half a character, a number too large for its column: no field refused it, the database did."""
    running().log.warning("http.unstorable", error=type(getattr(error, "orig", error)).__name__)
    return problems.from_refusal(problems.Invalid())


def _on_statement(error: StatementError) -> Response:
    """What stopped a statement before it left; the same as without one."""
    return _on_unstorable(error.orig) if isinstance(error.orig, UnicodeEncodeError) else _on_anything(error)


def _on_busy(error: OperationalError | PoolTimeout) -> Response:
    running().log.error("http.database", error=type(getattr(error, "orig", error)).__name__)
    return problems.from_refusal(problems.Unavailable())


def _on_anything(error: Exception) -> Response:
    running().log.exception("http.failed", error=type(error).__name__)
    return problems.from_status(500)


_HANDLERS: dict[type[Exception], Callable[[Any], Response]] = {
    problems.Refusal: _on_refusal,
    HTTPException: _on_http,
    IntegrityError: _on_conflict,
    DataError: _on_unstorable,
    UnicodeEncodeError: _on_unstorable,
    StatementError: _on_statement,
    OperationalError: _on_busy,
    PoolTimeout: _on_busy,
    Exception: _on_anything,
}
