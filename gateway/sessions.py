"""Edge sessions: an opaque token (cookie or bearer) becomes a signed identity for one service, asked of identity, kept half a second."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from chassis import problems
from chassis.auth import EDGE_HEADER
from gateway.errors import ForgedRequest, SessionEnded
from gateway.places import Place
from gateway.upstream import Down, Upstream

COOKIE = "__Host-affilia"
KEPT_S = 0.5
YOUNG_S = 0.2
"""How old a question may be that somebody else's answer serves: a right revoked meanwhile must not outlive its second."""
REMEMBERED = 20_000
LONGEST_TOKEN = 200
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FRIENDLY_SITES = frozenset({"same-origin", "none"})
FORGET_COOKIE = f"{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"

Bearing = Literal["bearer", "cookie", "nothing"]
Question = tuple[Any, ...]
"""All that an identity depends on."""


@dataclass(frozen=True)
class Caller:
    """Who knocks: a token or nothing, where, and from which address."""

    token: str | None
    bearing: Bearing
    place: Place
    address: str

    @classmethod
    def of(cls, environ: dict[str, Any], place: Place) -> "Caller":
        """Read from a WSGI environment; the bearer comes before the cookie. Raises :class:`SessionEnded` for what cannot be a token."""
        token, bearing = _token(environ)
        if token is not None and not _plausible(token):
            raise SessionEnded
        return cls(token, bearing, place, str(environ.get("REMOTE_ADDR") or ""))


class _Asking:
    """A question to identity under way, and since when."""

    def __init__(self, since: float) -> None:
        self.since, self.answer = since, Future[str]()


class Sessions:
    """Signed identities by caller and service, each asked of identity and kept ``kept_s`` seconds from the moment of asking."""

    def __init__(self, upstream: Upstream, secret: str, kept_s: float = KEPT_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._upstream, self._secret, self._kept_s, self._clock = upstream, secret, kept_s, clock
        self._kept: dict[Question, tuple[float, str]] = {}
        self._under_way: dict[Question, _Asking] = {}
        self._lock = threading.Lock()

    def admit(self, request: dict[str, Any], place: Place, service: str) -> str:
        """The signed identity that a request shows ``service``. Raises :class:`SessionEnded`, :class:`ForgedRequest` or ``Unavailable``."""
        caller = Caller.of(request, place)
        refuse_forgery(request, caller)
        return self.identity(caller, service)

    def identity(self, caller: Caller, service: str) -> str:
        """The signed identity that ``caller`` shows ``service``. Raises :class:`SessionEnded`, or ``Unavailable`` when identity is down."""
        key = (caller.token, service, caller.place.brand, caller.place.space, caller.address)
        asked_at = self._clock()
        kept = self._kept.get(key)
        if kept and kept[0] > asked_at:
            return kept[1]
        identity = self._ask_together(key, asked_at, caller, service)
        if self._kept_s:
            self._keep(key, asked_at + self._kept_s, identity)
        return identity

    def _keep(self, key: Question, until: float, identity: str) -> None:
        with self._lock:
            if len(self._kept) >= REMEMBERED:
                self._kept.clear()
            self._kept[key] = (until, identity)

    def _ask_together(self, key: Question, now: float, caller: Caller, service: str) -> str:
        """One call for all who ask the same at the same time: a page's requests come at once, each half-second anew."""
        with self._lock:
            under_way = self._under_way.get(key)
            if under_way is None or now - under_way.since > YOUNG_S:
                mine = self._under_way[key] = _Asking(now)
                under_way = None
        return under_way.answer.result() if under_way else self._ask_for_all(key, mine, caller, service)

    def _ask_for_all(self, key: Question, mine: _Asking, caller: Caller, service: str) -> str:
        try:
            mine.answer.set_result(self._ask(caller, service))
        except BaseException as error:
            mine.answer.set_exception(error)
        finally:
            with self._lock:
                if self._under_way.get(key) is mine:
                    del self._under_way[key]
        return mine.answer.result()

    def _ask(self, caller: Caller, service: str) -> str:
        question = {
            "token": caller.token,
            "audience": service,
            "brand": caller.place.brand,
            "space": caller.place.space,
            "address": caller.address,
        }
        try:
            answer = self._upstream.ask("identity", "POST", "/_/identities", headers={EDGE_HEADER: self._secret}, json=question)
            if answer.status == 401:
                raise SessionEnded
            if answer.status != 200:
                raise Down(f"identity answered {answer.status}")
            return str(answer.json()["identity"])
        except (Down, KeyError, TypeError) as error:
            raise problems.Unavailable from error


def refuse_forgery(environ: dict[str, Any], caller: Caller) -> None:
    """Refuse what another site sends with this browser's cookie (ASVS 3.5.1): Fetch Metadata first, ``Origin`` where there is none.

    A bearer is never sent by a browser on its own. Raises :class:`ForgedRequest`.
    """
    if environ["REQUEST_METHOD"] in SAFE or caller.bearing == "bearer":
        return
    if site := environ.get("HTTP_SEC_FETCH_SITE"):
        friendly = site in FRIENDLY_SITES
    elif origin := environ.get("HTTP_ORIGIN"):
        friendly = _authority(origin) == str(environ.get("HTTP_HOST", "")).lower()
    else:
        friendly = caller.bearing == "nothing"
    if not friendly:
        raise ForgedRequest


def _token(environ: dict[str, Any]) -> tuple[str | None, Bearing]:
    scheme, _space, value = str(environ.get("HTTP_AUTHORIZATION") or "").partition(" ")
    if scheme:
        return (value.strip() if scheme.lower() == "bearer" else ""), "bearer"
    cookie = _cookie(str(environ.get("HTTP_COOKIE") or ""))
    return (cookie, "cookie") if cookie else (None, "nothing")


def _cookie(header: str) -> str | None:
    """Our cookie's value. The standard library's parser gives up at the first odd cookie of a neighbour, this one passes over it."""
    pairs = (pair.partition("=") for pair in header.split(";"))
    return next((value.strip() for name, _equals, value in pairs if name.strip() == COOKIE), None)


def _plausible(token: str) -> bool:
    return 0 < len(token) <= LONGEST_TOKEN and token.isascii() and token.isprintable() and " " not in token


def _authority(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
