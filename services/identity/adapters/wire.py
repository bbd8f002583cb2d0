"""Asking another house over HTTP without depending on its goodwill: few calls at once, little time, small answers, agreed addresses."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import msgspec
import urllib3

from services.identity.errors import ProviderDown

CONNECT_S, READ_S = 2.0, 3.0
LARGEST = 256_000
"""Bytes of an answer: keys and tokens take a few thousand."""
CHUNK = 16_384
PARALLEL = 3
"""Providers that hang hold that many of the eight threads of a process, all together: people with a password keep the others."""
PATIENCE_S = 0.5
COME_BACK_S = 5


class Reply:
    """An answer, whole, as Authlib's client reads one."""

    def __init__(self, status_code: int, body: bytes) -> None:
        self.status_code, self._body = status_code, body

    def json(self) -> Any:
        """The JSON in the body. Raises ``ValueError``."""
        return msgspec.json.decode(self._body)

    def raise_for_status(self) -> None:
        """Raise ``ProviderDown`` for what is no answer to our question."""
        if self.status_code >= 400:
            raise ProviderDown(retry_after=COME_BACK_S)


def places() -> threading.BoundedSemaphore:
    """The places that the providers of a process share."""
    return threading.BoundedSemaphore(PARALLEL)


class Wire:
    """The way to one provider. ``allowed`` says of each address whether it is one of its own; redirections are not followed."""

    def __init__(self, allowed: Callable[[str], bool], places: threading.BoundedSemaphore) -> None:
        self._allowed, self._places = allowed, places
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S), retries=False)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the few places for as long as the provider is asked. Raises ``ProviderDown`` when all are taken."""
        if not self._places.acquire(timeout=PATIENCE_S):
            raise ProviderDown(retry_after=COME_BACK_S)
        try:
            yield
        finally:
            self._places.release()

    def get(self, address: str) -> Any:
        """A JSON document. Raises ``ProviderDown``."""
        reply = self._exchange("GET", address, {"Accept": "application/json"}, None)
        reply.raise_for_status()
        try:
            return reply.json()
        except (ValueError, RecursionError) as error:
            raise ProviderDown(retry_after=COME_BACK_S) from error

    def post(self, address: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> Reply:
        """A form, signed by Authlib's ``auth``. Raises ``ProviderDown``."""
        _address, signed, body = auth.prepare("POST", address, dict(headers), urlencode(data))
        return self._exchange("POST", address, signed, body)

    def _exchange(self, method: str, address: str, headers: Mapping[str, str], body: str | None) -> Reply:
        if not self._allowed(address):
            raise ProviderDown(retry_after=COME_BACK_S)
        try:
            answer = self._pool.request(method, address, headers=headers, body=body, redirect=False, preload_content=False)
            try:
                return Reply(answer.status, _read(answer))
            finally:
                answer.close()
        except urllib3.exceptions.HTTPError as error:
            raise ProviderDown(retry_after=COME_BACK_S) from error


def _read(answer: urllib3.BaseHTTPResponse) -> bytes:
    """The whole body: what comes drop by drop, or without end, is given up."""
    body, ends_at = bytearray(), time.monotonic() + READ_S
    while chunk := answer.read1(CHUNK, decode_content=False):
        body += chunk
        if len(body) > LARGEST or time.monotonic() > ends_at:
            raise ProviderDown(retry_after=COME_BACK_S)
    return bytes(body)
