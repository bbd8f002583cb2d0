"""A service that says what it was sent: the other side of what a client hears."""

import threading
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse

import msgspec
from werkzeug.wrappers import Request, Response

PAGE = "Une réponse assez longue pour être comprimée. " * 100


class Mirror:
    """A WSGI application: ``/page`` is a long answer, ``/own`` has headers of its own, ``/stuck`` waits; the rest tells the request."""

    def __init__(self) -> None:
        self.calls = 0
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
            case "/stuck":
                self.let_go.wait(120)
        said = {"method": request.method, "path": request.path, "query": request.query_string.decode("latin-1")}
        body = request.get_data()
        return Response(
            msgspec.json.encode(said | {"headers": dict(request.headers), "size": len(body)}),
            mimetype="application/json",
        )
