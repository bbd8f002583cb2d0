"""A service that says what it was sent: the other side of what a client hears."""

import threading
from collections.abc import Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse

import msgspec
from werkzeug.wrappers import Request, Response

MEGABYTE = b"x" * 1_000_000
PAGE = "Une réponse assez longue pour être comprimée. " * 100


class Mirror:
    """A WSGI application: ``/page`` is a long answer, ``/own`` has headers of its own, ``/stuck`` waits; the rest tells the request.

    ``/megabytes?<n>`` is an answer of that size; ``sent`` counts those that left.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.sent = 0
        self.let_go = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        self.calls += 1
        answer = self._answer(Request(environ))
        return answer(environ, start_response)

    def _answer(self, request: Request) -> Response:
        match request.path:
            case "/page":
                return Response(msgspec.json.encode({"text": PAGE}), mimetype="application/json")
            case "/own":
                return Response("", headers={"Cache-Control": "private", "Referrer-Policy": "no-referrer", "Server": "secret/1.0"})
            case "/megabytes":
                return Response(self._megabytes(int(request.query_string)), mimetype="application/pdf")
            case "/stuck":
                self.let_go.wait(120)
        said = {"method": request.method, "path": request.path, "query": request.query_string.decode("latin-1")}
        body = request.get_data()
        return Response(
            msgspec.json.encode(said | {"headers": dict(request.headers), "size": len(body)}),
            mimetype="application/json",
        )

    def _megabytes(self, number: int) -> Iterator[bytes]:
        self.sent = 0
        for _ in range(number):
            yield MEGABYTE
            self.sent += 1
