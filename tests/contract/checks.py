"""What Schemathesis does not know of our house: a refusal is a problem document, with a French title, that gives nothing away."""

import json
from functools import lru_cache

import schemathesis
from schemathesis import Case, CheckContext
from schemathesis.core.transport import Response

from chassis.problems import PROBLEM_JSON

INSIDE = ("Traceback", "psycopg", "sqlalchemy", "SELECT ", "INSERT ", ".py")
"""Words of the engine room: none belongs in an answer."""


@lru_cache
def register() -> None:
    """Add our check to the library's own, once a process."""
    schemathesis.check(refusals_are_problems)


def refusals_are_problems(context: CheckContext, response: Response, case: Case) -> None:
    """From 400 on: RFC 9457, a stable type of ours, a title, the same status inside."""
    if response.status_code < 400 or case.method == "HEAD":
        return
    flaw = flaw_of(response.status_code, response.headers.get("content-type", [""])[0], response.text)
    assert flaw is None, f"{response.status_code}: {flaw}"


def flaw_of(status: int, content_type: str, body: str) -> str | None:
    """What is wrong with a refusal, ``None`` when nothing is."""
    if content_type != PROBLEM_JSON:
        return f"is {content_type}"
    said = _read(body)
    if not said.get("type", "").startswith("/problemes/") or said.get("status") != status or len(said.get("title", "")) < 10:
        return f"is not a problem of ours: {body[:200]}"
    return next((f"says {word}" for word in INSIDE if word in body), None)


def _read(body: str) -> dict[str, str]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
