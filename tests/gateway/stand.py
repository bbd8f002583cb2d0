"""The same small platform in two shapes: embedded, and behind a private nginx with a process's worth of servers; one question asks both."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from wsgiref.types import WSGIApplication

import msgspec
from werkzeug.datastructures import Headers
from werkzeug.serving import WSGIRequestHandler, make_server

PATIENCE_S = 60
OF_THE_WIRE = ("date", "server", "connection", "keep-alive", "transfer-encoding", "vary", "traceresponse")
"""Headers that each server writes for its own sake, or anew for each answer."""


@dataclass(frozen=True)
class Heard:
    """An answer as a client heard it."""

    status: int
    headers: Headers
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def slug(self) -> str:
        assert self.headers["Content-Type"] == "application/problem+json", self.body
        return str(self.json["type"]).removeprefix("/problemes/")

    @property
    def said(self) -> tuple[int, list[tuple[str, str]], bytes]:
        """What must be the same whoever answers."""
        kept = sorted((name.lower(), value) for name, value in self.headers if name.lower() not in OF_THE_WIRE)
        return self.status, kept, self.body


def ask(port: int, method: str, path: str, headers: Mapping[str, str] | None = None, body: Any = None, **options: Any) -> Heard:
    """One request on a connection of its own; ``path`` is sent as it is, an iterable body in chunks."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection._validate_path = lambda url: None  # type: ignore[attr-defined]
    try:
        connection.request(method, path, body=body, headers=dict(headers or {}), **options)
        answer = connection.getresponse()
        return Heard(answer.status, Headers(answer.getheaders()), answer.read())
    finally:
        connection.close()


class Quiet(WSGIRequestHandler):
    """Says nothing on the terminal."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: Any) -> None: ...


@contextmanager
def served(app: WSGIApplication, port: int = 0) -> Iterator[int]:
    """The port where an application answers, on threads of this process."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}"
