"""Structured logs: the event, its ids, its actor; never a name, a number, a code or a token."""

import logging
import re
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

SECRET_KEYS = frozenset(
    {"password", "code", "token", "secret", "authorization", "cookie", "iban", "nir", "email", "phone", "address", "body"}
)
REDACTED = "•••"
PERSONAL = re.compile(
    r"\b[12]\s?\d{2}\s?\d{2}\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d{2})?\b"  # social security number
    r"|\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,4})?\b"  # bank account
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # e-mail address
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]+"  # signed token
)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Hide what a careless line would say: whole values of secret keys, and personal numbers inside any text."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: Any) -> Any:
    if key in SECRET_KEYS:
        return REDACTED
    return PERSONAL.sub(REDACTED, value) if isinstance(value, str) else value


def _stack(exc_info: Any) -> str:
    """Where an exception came from and its class, without its words: a database quotes the row it refuses."""
    kind, _error, trace = exc_info
    return "".join([*traceback.format_tb(trace), kind.__name__])


def configure(*, pretty: bool, level: int = logging.INFO) -> None:
    """One line of JSON an event, or coloured lines for a developer's terminal; nothing under ``level``."""
    render: Any = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_stack),
            redact,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def log(service: str) -> Any:
    """The logger of a service: ``log("parcels").info("parcel.posted", parcel_id=…)``."""
    return structlog.get_logger(service=service)
