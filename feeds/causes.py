"""Why a connection failed, in French: the errors of sockets, TLS, HTTP and AMQP, down to the one that started it."""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException

from pika.exceptions import AMQPHeartbeatTimeout, ConnectionBlockedTimeout, StreamLostError

CAUSES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((ConnectionRefusedError,), "connexion refusée"),
    ((TimeoutError, ConnectionBlockedTimeout, AMQPHeartbeatTimeout), "délai dépassé"),
    ((socket.gaierror,), "nom d'hôte inconnu"),
    ((ssl.SSLCertVerificationError,), "certificat non reconnu"),
    ((ssl.SSLError,), "liaison chiffrée impossible"),
    ((ConnectionError, StreamLostError), "connexion interrompue"),
    ((HTTPException,), "réponse illisible"),
)
"""The narrow causes before the wide ones: a refused connection is a ``ConnectionError`` too."""

UNKNOWN = "réseau en défaut"
DEEPEST = 8
"""Errors looked at, one inside another."""


def why(error: BaseException) -> str:
    """The cause of ``error``, as a few French words without any address."""
    errors = list(_inside(error))
    return next((said for kinds, said in CAUSES if any(isinstance(one, kinds) for one in errors)), UNKNOWN)


def _inside(error: BaseException, depth: int = DEEPEST) -> Iterator[BaseException]:
    """The error and those it carries: ``URLError.reason``, pika's ``exception``, arguments."""
    yield error
    carried = (getattr(error, "reason", None), getattr(error, "exception", None), *error.args)
    for inner in carried:
        if isinstance(inner, BaseException) and depth:
            yield from _inside(inner, depth - 1)
            return
