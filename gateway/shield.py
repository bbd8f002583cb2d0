"""What stands around every answer and every request: headers that protect browsers, and headers that only we may write."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
PROTECTION: Mapping[str, str] = {
    "Content-Security-Policy": API_POLICY,
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}
"""Set on every answer that does not bring its own (ASVS 5.0, 3.4)."""

RESERVED = (
    "HTTP_X_FORWARDED_",
    "HTTP_AFFILIA_IDENTITY",
    "HTTP_AFFILIA_EDGE",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_X_USER",
    "HTTP_PROXY",
)
"""Beginnings of what a client may not say: it would pass for a word of ours, or of a proxy that nobody configured (ASVS 5.0, 4.1.3)."""

HEARD = (
    "Host",
    "Accept",
    "Accept-Language",
    "User-Agent",
    "Origin",
    "Range",
    "If-Range",
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "Content-Encoding",
    "Idempotency-Key",
    "Affilia-Date",
    "traceparent",
    "tracestate",
)
"""What a service hears of a client's headers, besides its body's. The rest ends at the gateway, session tokens first."""


def cleaned(environ: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the request without the headers that a client may not write."""
    return {name: value for name, value in environ.items() if not name.startswith(RESERVED)}


def keep_for_service(request: dict[str, Any]) -> None:
    """Take away every header of the request that a service does not hear."""
    for name in [name for name in request if name.startswith("HTTP_") and name not in _HEARD]:
        del request[name]


def variable(header: str) -> str:
    """The name that a header has in a WSGI environment."""
    return "HTTP_" + header.upper().replace("-", "_")


_HEARD = frozenset(map(variable, HEARD))


def protected(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of an answer, with the protections that it does not bring itself."""
    brought = list(headers)
    names = {name.lower() for name, _value in brought}
    return [*brought, *((name, value) for name, value in PROTECTION.items() if name.lower() not in names)]


def guarding(start_response: StartResponse) -> Callable[..., Any]:
    """``start_response``, adding the protections that the answer does not bring itself."""

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        return start_response(status, protected(headers), *([exc_info] if exc_info else []))

    return start
