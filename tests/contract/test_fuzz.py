"""Every operation, called with what Schemathesis imagines from the OpenAPI document, by the first audience that may call it.

``AFFILIA_FUZZ_EXAMPLES`` asks for more examples an operation, with their bounds one by one, by every audience that may call it;
``schemathesis.toml`` beside this file says what each may answer.
"""

import os
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from schemathesis import openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from chassis.http import EVERYONE
from chassis.testing import Bench
from gateway.embedded import find
from tests.chassis.conftest import CLERK
from tests.chassis.parcels.app import SERVICE
from tests.contract import checks, formats
from tests.contract.operations import METHODS
from tests.contract.world import World

AUDIENCES = ("member", "employer", "applicant", "caseworker", "feed", EVERYONE)
MORE = "AFFILIA_FUZZ_EXAMPLES"
LONGEST = 1_000
MOST_IMAGINED = 300
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


def callers(audiences: Iterable[str]) -> list[str]:
    """Who calls an operation here: one of its audiences, or all when more is asked. What each may see is the matrix's business."""
    ordered = sorted(audiences, key=AUDIENCES.index)
    return ordered if os.environ.get(MORE) else ordered[:1]


def _audiences() -> list[tuple[str, str]]:
    """Each service with each audience that calls one of its public doors."""
    return [
        (name, kind)
        for name, service in find().items()
        for kind in AUDIENCES
        if any(kind in callers(door.audience) for door in service.doors if not (door.url_prefix or "").startswith("/_"))
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.timeout(240)
@pytest.mark.parametrize(("service", "audience"), _audiences())
def test_a_service_keeps_its_word(world: World, service: str, audience: str):
    document = world.visit().get("/api/openapi.json").get_json()
    chosen = trimmed(document, f"/api/{service}/", audience)
    assert chosen["paths"]
    assert complaints(chosen, world.wsgi, world.tokens()["anonymous" if audience == EVERYONE else audience]) == []


def test_a_word_that_is_not_kept_would_be_seen(make_bench: Callable[..., Bench]):
    """The parcels of the chassis break on purpose, and their own document does not say that some are too heavy."""
    bench = make_bench(SERVICE)
    document = bench.anonymous().get("/_/openapi.json").get_json()
    told = " ".join(complaints(document, bench.app, None, headers=bench.as_(CLERK)._headers))
    bench.empty()
    assert "GET /broken → 500 not_a_server_error" in told
    assert "POST /parcels → 409 status_code_conformance" in told


def trimmed(document: dict[str, Any], prefix: str, audience: str) -> dict[str, Any]:
    """The document without the operations that are elsewhere or for others; the library's filters would add those our settings name."""
    paths = {
        path: {key: value for key, value in item.items() if key not in METHODS or audience in callers(value.get("x-audience", []))}
        for path, item in document["paths"].items()
        if path.startswith(prefix)
    }
    return document | {
        "paths": {path: item for path, item in paths.items() if set(item) & set(METHODS)},
        "components": short(document["components"]),
    }


def short(described: Any) -> Any:
    """The same schemas without their long bounds: a text of 5,001 characters takes the library half a minute to imagine, and
    ``test_malformed.py`` sends one to every operation."""
    if isinstance(described, list):
        return [short(one) for one in described]
    if not isinstance(described, dict):
        return described
    return {key: short(value) for key, value in described.items() if key != "maxLength" or value <= MOST_IMAGINED}


def complaints(document: dict[str, Any], app: Any, token: str | None, **settings: Any) -> list[str]:
    """All that an application did otherwise than its document says, once each."""
    formats.register()
    checks.register()
    schema = openapi.from_dict(document, config=_configuration(token, settings))
    schema.app = app
    return sorted({complaint for event in from_schema(schema).execute() for complaint in _complaints(event)})


def _configuration(token: str | None, settings: dict[str, Any]) -> SchemathesisConfig:
    """The committed settings, with a session, and with more examples when asked."""
    found = tomllib.loads(CONFIGURATION.read_text()) | settings
    if asked := os.environ.get(MORE):
        found["generation"] |= {"max-examples": int(asked), "deterministic": False}
        found["phases"]["coverage"] |= {"enabled": True}
    if token:
        found["auth"] = {"openapi": {"session": {"bearer": token}}}
    return SchemathesisConfig.from_dict(found)


def _complaints(event: events.EngineEvent) -> Iterator[str]:
    if isinstance(event, events.FatalError):
        raise event.exception
    if isinstance(event, events.NonFatalError):
        yield f"{event.label}: {event.info.title} {event.info.message}"[:LONGEST]
    if isinstance(event, events.ScenarioFinished):
        yield from _failures(event.recorder)


def _failures(recorder: ScenarioRecorder) -> Iterator[str]:
    """One line for each way to fail, with the request to send again."""
    seen = set()
    for case_id, made in recorder.checks.items():
        for check in made:
            failed = check.failure_info
            if failed is None:
                continue
            response = recorder.interactions[case_id].response
            status = response.status_code if response else None
            if (check.name, status) not in seen:
                seen.add((check.name, status))
                said = f"{failed.failure.message} | {failed.code_sample} | {response.text if response else ''}"
                yield f"{recorder.label} → {status} {check.name}: {said}"[:LONGEST]
