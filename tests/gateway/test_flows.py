"""The API page tells each flow: what comes next, how it may be refused; and what it tells is true."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateway import flows
from gateway.embedded import find
from gateway.flows import Flow

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8"))
PATHS: dict[str, Any] = DOCUMENT["paths"]
EXAMPLES = [call for call, flow in flows.told()[1].items() if flow.example]


def operation(call: str) -> dict[str, Any]:
    method, path = call.split(" ")
    return dict(PATHS[path][method.lower()])


def test_every_call_is_told_and_leads_somewhere():
    assert flows.faults(PATHS, find()) == []


def test_an_activation_leads_to_its_proof_and_names_its_refusals():
    """S0:62-96."""
    asked = operation("POST /api/identity/activations")
    assert "`POST /api/identity/activations/{activation_id}/proof`" in asked["description"]
    refused = asked["responses"]["409"]["content"]["application/problem+json"]["examples"]
    assert refused["canal-refuse"]["value"]["type"] == "/problemes/canal-refuse"
    assert set(refused) == {"canal-refuse", "espace-sans-activation"}


def test_a_first_sign_in_without_a_phone_is_told_with_its_two_codes():
    """S1:98-110."""
    asked = operation("POST /api/identity/challenges/{challenge_id}/code")["description"]
    assert asked.index('{"channel": "email"}') < asked.index('{"next": "phone"}') < asked.index('{"channel": "sms", "phone": "…"}')


@pytest.mark.parametrize("call", EXAMPLES)
def test_an_example_is_a_body_that_the_call_takes(call: str):
    content = operation(call)["requestBody"]["content"]["application/json"]
    assert content["example"]
    Draft202012Validator(content["schema"] | {"components": DOCUMENT["components"]}).validate(content["example"])


@pytest.mark.parametrize(
    ("call", "flow", "fault"),
    [
        ("POST /api/identity/sessions", None, "sans récit : POST /api/identity/sessions"),
        ("POST /api/identity/nulle-part", Flow(text="Rien."), "appel qui n'existe pas : POST /api/identity/nulle-part"),
        ("GET /api/identity/me", Flow(text="Ensuite : `GET /api/identity/moi`."), "appel qui n'existe pas : GET /api/identity/moi"),
        ("GET /api/identity/me", Flow(text="Moi.", refuses=("inconnu",)), "refus que identity ne définit pas : inconnu"),
        ("POST /api/identity/objections", Flow(text="Non."), "refus que nul appel de identity ne dit : opposition-impossible"),
    ],
)
def test_what_is_wrong_in_the_tale_is_found(monkeypatch: pytest.MonkeyPatch, call: str, flow: Flow | None, fault: str):
    names, told = flows.told()
    changed = {name: one for name, one in (told | {call: flow}).items() if one is not None}
    monkeypatch.setattr(flows, "told", lambda: (names, changed))
    assert fault in flows.faults(PATHS, find())
