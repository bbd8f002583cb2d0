"""Who publishes: the platform's own producer, which may declare for anybody, and those that an operator admits for some companies."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request

from chassis import problems
from chassis.labels import _
from gateway.batches import Event, Flaw
from gateway.config import Settings

HOUSE = "affilia"
"""The producer that holds the platform's own token."""


class Stranger(problems.Refusal):
    status, slug, title = 401, "jeton-refuse", _("Le jeton du producteur est absent ou refusé.")


@dataclass(frozen=True)
class Sender:
    """A producer that made itself known; ``sirens`` is ``None`` when it may declare for any company."""

    key: str
    name: str
    sirens: frozenset[str] | None = None

    @property
    def companies(self) -> list[str] | None:
        """The same, in order."""
        return None if self.sirens is None else sorted(self.sirens)

    def judged(self, event: Event | Flaw) -> Event | Flaw:
        """The event, refused when it is about a company that the sender does not declare for."""
        if self.sirens is None or isinstance(event, Flaw) or _siren(event.fact) in self.sirens:
            return event
        return Flaw(_("Ce producteur ne déclare pas pour cet établissement."))


class Senders:
    """Every producer, by the SHA-256 of its token."""

    def __init__(self, settings: Settings) -> None:
        own = {token_hash(settings.feed_token): Sender(HOUSE, "Affilia")}
        self._known = own | {one.token: Sender(one.key, one.name, frozenset(one.sirens)) for one in settings.producers}

    def recognise(self, request: Request) -> Sender:
        """Whose token the request shows. Raises ``Stranger``."""
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        shown = token_hash(token)
        found = [sender for known, sender in self._known.items() if hmac.compare_digest(known, shown)]
        if scheme != "Bearer" or not found:
            raise Stranger
        return found[0]


def token_hash(token: str) -> str:
    """How a token is kept: it is long and random, a plain digest is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _siren(fact: Any) -> str:
    declaration = getattr(fact, "declaration", None)
    return declaration.siret[:9] if declaration else ""
