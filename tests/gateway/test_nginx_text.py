"""The configuration as a text: what it is made of, what it refuses to be made of, and the command that writes it."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from affilia.cli import main
from affilia.operations import OPENAPI
from chassis import problems
from chassis.config import BadConfiguration
from gateway import errors, routing, shield
from gateway.nginx import Plan, render
from tests.nginx import binary

ROOT = Path(__file__).resolve().parents[2]
UPSTREAMS = {name: f"http://{name}:8000" for name in routing.TABLE}


def plan(**changes: Any) -> Plan:
    return Plan(**{"edge": "http://edge:8000", "upstreams": UPSTREAMS, "front_secret": "s3cret"} | changes)


def environment(tmp_path: Path, **changes: str) -> dict[str, str]:
    """What an operator writes down: addresses that resolve on this machine."""
    here = dict.fromkeys(routing.TABLE, "http://127.0.0.1:9")
    found = {"EDGE": "http://127.0.0.1:9", "UPSTREAMS": json.dumps(here), "FRONT_SECRET": "s3cret", "FOLDER": str(tmp_path / "own")}
    return {f"AFFILIA_GATEWAY_{name}": value for name, value in (found | changes).items()}


def test_every_route_of_the_table_has_its_place_its_bound_and_its_service():
    text = render(plan())
    for route in routing.TABLE.values():
        block = text.split(f"location {route.prefix}/ {{")[1].split("}\n\n")[0]
        assert f"client_max_body_size {route.max_body};" in block
        assert f"proxy_pass http://{route.service}/;" in block
        assert ("limit_req zone=tries" in block) == route.counted
        assert f"server {route.service}:8000 " in text


def test_identity_is_the_door_where_tries_are_counted():
    assert [route.service for route in routing.TABLE.values() if route.counted] == ["identity"]


def test_no_header_that_only_we_may_write_is_among_those_that_a_service_hears():
    assert [name for name in shield.HEARD if shield.variable(name).startswith(shield.RESERVED)] == []


def test_a_header_that_the_api_describes_is_heard():
    asked = {parameter["name"] for parameter in _objects(json.loads((ROOT / OPENAPI).read_text())) if parameter.get("in") == "header"}
    assert "Idempotency-Key" in asked
    assert asked <= set(shield.HEARD)


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON document."""
    for value in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from _objects(value)
    if isinstance(document, dict):
        yield document


def test_nginx_tells_every_refusal_that_the_gateway_has():
    """The edge names its refusal: a name that nginx does not know would pass for an edge that is away."""
    named = {
        kind.slug
        for kind in (*vars(errors).values(), problems.Unavailable)
        if isinstance(kind, type) and issubclass(kind, problems.Refusal)
    }
    text = render(plan())
    assert [slug for slug in named - {errors.TooLarge.slug} if f"location = /_refused/{slug} {{" not in text] == []


def test_a_service_without_an_address_is_named():
    with pytest.raises(BadConfiguration, match=r"ne dit pas où est documents, members"):
        render(plan(upstreams={name: where for name, where in UPSTREAMS.items() if name not in ("members", "documents")}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("front_secret", ""),
        ("front_secret", 'a"; }'),
        ("front_secret", "a b"),
        ("listen", "80;"),
        ("folder", Path("/a b")),
        ("user", "nginx;"),
        ("resolver", "127.0.0.11; evil"),
        ("behind", ("10.0.0.0/8", "x;")),
        ("edge", "https://edge"),
        ("edge", "http://edge:80/path"),
        ("upstreams", UPSTREAMS | {"members": "members:8000"}),
    ],
)
def test_a_value_that_would_write_something_else_is_refused(name: str, value: Any):
    with pytest.raises(BadConfiguration, match="nginx"):
        plan(**{name: value})


def test_names_are_looked_up_again_where_nginx_can():
    text = render(plan(resolver="127.0.0.11"))
    assert "resolver 127.0.0.11 valid=5s;" in text
    assert "server members:8000 max_fails=3 fail_timeout=2s resolve;" in text


def test_the_command_writes_what_nginx_accepts_for_its_owner_alone(tmp_path: Path):
    binary()
    (tmp_path / "own").mkdir()
    out = tmp_path / "nginx.conf"
    done = CliRunner().invoke(main, ["nginx", "--out", str(out), "--check"], env=environment(tmp_path))
    assert (done.exit_code, done.output) == (0, "nginx accepte la configuration.\n"), done.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "s3cret" in out.read_text()


def test_the_command_shows_the_text_and_says_what_nginx_refuses(tmp_path: Path):
    binary()
    assert CliRunner().invoke(main, ["nginx"], env=environment(tmp_path)).output.endswith("}\n")
    done = CliRunner().invoke(main, ["nginx", "--check"], env=environment(tmp_path, LISTEN="nowhere:99999"))
    assert (done.exit_code, "nginx refuse la configuration" in done.output) == (1, True)


def test_a_missing_setting_and_a_table_that_is_not_json_are_said_in_a_sentence(tmp_path: Path):
    done = CliRunner().invoke(main, ["nginx"], env=environment(tmp_path, UPSTREAMS="members=1"))
    assert (done.exit_code, "« upstreams » : du JSON est attendu" in done.output) == (1, True)
    for limits in ('{"tries_per_s": 0}', '{"body_s": "x"}', '{"unknown": 1}'):
        done = CliRunner().invoke(main, ["nginx"], env=environment(tmp_path, LIMITS=limits))
        assert (done.exit_code, "$.limits" in done.output) == (1, True), done.output
    assert CliRunner().invoke(main, ["nginx"], env={"AFFILIA_GATEWAY_EDGE": "http://edge"}).exit_code == 1
