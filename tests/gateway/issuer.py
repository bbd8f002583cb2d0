"""What identity does for the edge, in one page: sessions by token, signed identities, and a count of how often it was asked."""

import uuid
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse

import msgspec
from werkzeug.wrappers import Request, Response

from chassis.actor import Actor
from chassis.auth import Signer
from chassis.config import Keys


class Issuer:
    """A WSGI application. ``open(kind)`` opens a session and returns its token; ``close(token)`` ends it."""

    def __init__(self, keys: Keys) -> None:
        assert keys.signing is not None
        self._signer, self._secret = Signer(keys.signing), keys.edge_secret
        self.forget()

    def forget(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self._sessions: dict[str, str] = {}
        self._grants: dict[str, dict[str, str]] = {}
        self.down = False

    def open(self, kind: str, grants: dict[str, str] | None = None) -> str:
        token = uuid.uuid4().hex
        self.admit(token, kind)
        self._grants[token] = grants or {}
        return token

    def admit(self, token: str, kind: str) -> None:
        """Open a session under a token chosen elsewhere."""
        self._sessions[token] = kind

    def close(self, token: str) -> None:
        del self._sessions[token]

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if self.down or request.headers.get("Affilia-Edge") != self._secret:
            return Response(status=503 if self.down else 403)
        asked = msgspec.json.decode(request.get_data())
        self.asked.append(asked)
        kind = "anonymous" if asked["token"] is None else self._sessions.get(asked["token"])
        if kind is None:
            return Response(status=401)
        place = {name: asked[name] for name in ("brand", "space", "address")}
        actor = Actor(kind=kind, grants=self._grants.get(asked["token"], {}), **place)
        return Response(
            msgspec.json.encode({"identity": self._signer.sign(actor, asked["audience"]), "kind": kind}), mimetype="application/json"
        )
