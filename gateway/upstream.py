"""How the gateway itself speaks to a service (the data path does not pass here): one interface, in process or over HTTP."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple, Protocol
from wsgiref.types import WSGIApplication

import msgspec
import urllib3
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

CONNECT_S = 1.0
READ_S = 5.0
POOLED = 16


class Down(Exception):
    """The service did not answer, or answered that it cannot."""


class Answer(NamedTuple):
    """What a service said, whole."""

    status: int
    headers: Headers
    body: bytes

    def json(self) -> Any:
        """The JSON in the body. Raises :class:`Down` when there is none: the service is not itself."""
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError as error:
            raise Down("not JSON") from error


class Upstream(Protocol):
    """One call to one service. ``path`` is the service's own and may carry a query. Raises :class:`Down`."""

    def ask(self, service: str, method: str, path: str, *, headers: Mapping[str, str] = ..., json: Any = ...) -> Answer: ...


class OverHttp:
    """Services in processes of their own, each at its address (``http://host:port``). Nothing is tried twice: the caller may."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = {service: address.rstrip("/") for service, address in addresses.items()}
        timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
        self._pool = urllib3.PoolManager(maxsize=POOLED, timeout=timeout, retries=False)

    def ask(self, service: str, method: str, path: str, *, headers: Mapping[str, str] | None = None, json: Any = None) -> Answer:
        if service not in self._addresses:
            raise Down(f"{service} has no address")
        body = None if json is None else msgspec.json.encode(json)
        kind = {} if json is None else {"Content-Type": "application/json"}
        try:
            answer = self._pool.request(method, self._addresses[service] + path, body=body, headers={**(headers or {}), **kind})
        except urllib3.exceptions.HTTPError as error:
            raise Down(f"{service}: {type(error).__name__}") from error
        return Answer(answer.status, Headers(answer.headers.items()), answer.data)


class InProcess:
    """Services that live in this process, called through their WSGI applications."""

    def __init__(self, apps: Mapping[str, WSGIApplication]) -> None:
        self._apps = apps

    def ask(self, service: str, method: str, path: str, *, headers: Mapping[str, str] | None = None, json: Any = None) -> Answer:
        app = self._apps.get(service)
        if app is None:
            raise Down(f"{service} does not run here")
        body = b"" if json is None else msgspec.json.encode(json)
        kind = None if json is None else "application/json"
        environ = EnvironBuilder(
            path=path,
            method=method,
            headers=Headers(dict(headers or {})),
            input_stream=BytesIO(body),
            content_length=len(body),
            content_type=kind,
        ).get_environ()
        return _run(service, app, environ)


def _run(service: str, app: WSGIApplication, environ: dict[str, Any]) -> Answer:
    try:
        chunks, status, headers = run_wsgi_app(app, environ, buffered=True)
    except Exception as error:
        raise Down(f"{service} raised {type(error).__name__}") from error
    return Answer(int(status.split(" ", 1)[0]), headers, b"".join(chunks))
