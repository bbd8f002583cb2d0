"""Every operation, called by each audience that may call it, with what Schemathesis imagines from the OpenAPI document.

``AFFILIA_FUZZ_EXAMPLES`` asks for more examples an operation; ``schemathesis.toml`` beside this file says what each may answer.
"""

import os
import tomllib
from collections.abc import Callable, Iterator
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

LONGEST = 1_000
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


def _audiences() -> list[tuple[str, str]]:
    """Each service with each audience that one of its public doors names."""
    return [
        (name, "anonymous" if kind == EVERYONE else kind)
        for name, service in find().items()
        for kind in sorted({kind for door in service.doors for kind in door.audience if not (door.url_prefix or "").startswith("/_")})
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.timeout(240)
@pytest.mark.parametrize(("service", "audience"), _audiences())
def test_a_service_keeps_its_word(world: World, service: str, audience: str):
    document = world.visit().get("/api/openapi.json").get_json()
    chosen = trimmed(document, f"/api/{service}/", EVERYONE if audience == "anonymous" else audience)
    assert chosen["paths"]
    assert complaints(chosen, world.wsgi, world.tokens()[audience]) == []


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
        path: {key: value for key, value in item.items() if key not in METHODS or audience in value.get("x-audience", [])}
        for path, item in document["paths"].items()
        if path.startswith(prefix)
    }
    return document | {"paths": {path: item for path, item in paths.items() if set(item) & set(METHODS)}}


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
    if asked := os.environ.get("AFFILIA_FUZZ_EXAMPLES"):
        found["generation"] |= {"max-examples": int(asked), "deterministic": False}
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
