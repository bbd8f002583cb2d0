"""Why a connection failed: French words, and never the name of a Python class."""

import socket
import ssl
from http.client import BadStatusLine, RemoteDisconnected
from urllib.error import URLError

import pytest
from pika.adapters.utils.connection_workflow import AMQPConnectorSocketConnectError
from pika.exceptions import AMQPConnectionError, ConnectionBlockedTimeout

from feeds.causes import why


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (URLError(ConnectionRefusedError(111, "Connection refused")), "connexion refusée"),
        (AMQPConnectionError(AMQPConnectorSocketConnectError(ConnectionRefusedError())), "connexion refusée"),
        (URLError(socket.gaierror(-2, "Name or service not known")), "nom d'hôte inconnu"),
        (socket.gaierror(-2, "Name or service not known"), "nom d'hôte inconnu"),
        (TimeoutError("timed out"), "délai dépassé"),
        (ConnectionBlockedTimeout(), "délai dépassé"),
        (URLError(ssl.SSLCertVerificationError("self-signed")), "certificat non reconnu"),
        (URLError(ssl.SSLError("wrong version number")), "liaison chiffrée impossible"),
        (RemoteDisconnected("closed"), "connexion interrompue"),
        (BadStatusLine("x"), "réponse illisible"),
        (OSError(101, "Network is unreachable"), "réseau en défaut"),
    ],
)
def test_each_cause_has_its_words(error: Exception, said: str) -> None:
    assert why(error) == said
