"""The way in of these tests: the gateway's real router and the real services; only the opening of sessions is made short."""

from collections.abc import Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

import msgspec
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request, Response

from chassis.actor import Actor
from chassis.auth import Signer
from chassis.config import Keys

IDENTITIES = "/_/identities"


class Desk:
    """The identity service, with a register of sessions beside it: ``open(actor)`` gives a token without a password and a second factor.

    What it does not know (visitors without a token, tokens that are not its own) the real service answers.
    """

    def __init__(self, keys: Keys, identity: WSGIApplication) -> None:
        assert keys.signing is not None
        self._signer, self._secret, self._identity = Signer(keys.signing), keys.edge_secret, identity
        self._sessions: dict[str, Actor] = {}

    def open(self, actor: Actor) -> str:
        """A session token for ``actor``."""
        token = f"session-{actor.kind}-{actor.account_id}"
        self._sessions[token] = actor
        return token

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        answer = self._known(Request(environ, populate_request=False)) if environ["PATH_INFO"] == IDENTITIES else None
        return (answer or self._identity)(environ, start_response)

    def _known(self, request: Request) -> Response | None:
        if request.headers.get("Affilia-Edge") != self._secret:
            return None
        asked = msgspec.json.decode(request.get_data())
        request.environ["wsgi.input"].seek(0)
        actor = self._sessions.get(asked["token"])
        if actor is None:
            return None
        said = {"identity": self._signer.sign(actor, asked["audience"]), "kind": actor.kind}
        return Response(msgspec.json.encode(said), mimetype="application/json")


class Addresses:
    """Gives each request an address of its own, so that a limit by address does not answer in place of the operation."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app, self._number = app, 0

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        self._number += 1
        high, low = divmod(self._number, 250)
        return self._app(environ | {"REMOTE_ADDR": f"198.{18 + high // 250 % 2}.{high % 250}.{low + 1}"}, start_response)


class Visit(Client):
    """A client who shows a session token with each request, or nothing."""

    def __init__(self, app: WSGIApplication, token: str | None) -> None:
        super().__init__(app, use_cookies=False)
        self._own: Mapping[str, str] = {"Authorization": f"Bearer {token}"} if token else {}

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs["headers"] = {**self._own, **dict(kwargs.pop("headers", None) or {})}
        return super().open(*args, **kwargs)
