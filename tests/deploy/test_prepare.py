"""An installation is prepared: each part can start on the secrets it is shown, alone, and the broker lets it say its own facts alone."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pika
import psycopg
import pytest

from affilia.broker_rights import EXCHANGE, RIGHTS
from affilia.keys import SERVICES
from affilia.local import LocalPostgres
from chassis.config import BadConfiguration, from_environment
from chassis.testing import BRANDS
from events import CATALOGUE
from feeds import kit
from feeds.publishers import BrokerPublisher, PublishRefused
from feeds.sealing import PlatformKey
from gateway.config import EdgeSettings
from gateway.embedded import find
from tests import images
from tests.deploy.conftest import Prepared, prepare
from tests.feeds.files import MONTHLY, taken
from tests.rabbitmq import free_port

PARTICULAR = {"documents": {"ANTIVIRUS": "clamd"}, "messaging": {"DELIVERY": "real", "PUBLIC_URL": "https://{space}.{brand}.example"}}
COURIERS = {"SMTP_HOST": "smtp.example", "TWILIO_ACCOUNT": "account"}


def settings_of(folder: Path, service: str, mode: str) -> dict[str, str]:
    """What compose writes down for a service that is shown its own folder alone."""
    files = {name: folder / service / place for name, place in {"KEYS": "keys.json", "BROKER_URL": "broker_url"}.items()}
    if service == "identity":
        files["OIDC_SECRETS"] = folder / service / "oidc_secrets"
    if service == "messaging":
        files |= {name.upper(): folder / service / name for name in ("smtp_password", "twilio_token")}
    found = {f"AFFILIA_{name}_FILE": str(file) for name, file in files.items()}
    own = PARTICULAR.get(service, {}) | (COURIERS if service == "messaging" else {})
    return found | {f"AFFILIA_{name}": value for name, value in own.items()} | {"AFFILIA_MODE": mode, "AFFILIA_BRANDS": str(BRANDS)}


def content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_every_part_starts_in_production_on_the_secrets_of_production_and_refuses_the_others(tmp_path: Path):
    assert prepare("secrets", tmp_path / "production", "--production").exit_code == 0
    assert prepare("secrets", tmp_path / "demo").exit_code == 0
    for name, service in find().items():
        nowhere = {"AFFILIA_DATABASE_URL": "postgresql+psycopg://nobody@nowhere/nothing"}
        for mode, folder in (("production", "production"), ("demo", "demo")):
            from_environment(service.settings, name, settings_of(tmp_path / folder, name, mode) | nowhere)
        with pytest.raises(BadConfiguration, match="clé de développement"):
            from_environment(service.settings, name, settings_of(tmp_path / "demo", name, "production") | nowhere)


def test_the_edge_starts_on_the_secrets_of_the_gateway(tmp_path: Path):
    prepare("secrets", tmp_path, "--production")
    files = {"EDGE_SECRET": "edge_secret", "FRONT_SECRET": "front_secret", "FEED_TOKEN": "feed_token", "BROKER_URL": "broker_url"}
    files |= {"FEED_KEY": "feed_key.json", "FEED_PRIVATE": "feed_private.json"}
    environ = {f"AFFILIA_GATEWAY_{name}_FILE": str(tmp_path / "gateway" / file) for name, file in files.items()}
    environ |= {"AFFILIA_BRANDS": str(BRANDS), "AFFILIA_GATEWAY_UPSTREAMS": json.dumps({"members": "http://members-web:8000"})}
    told = from_environment(EdgeSettings, "gateway", environ)
    identity = from_environment(find()["identity"].settings, "identity", settings_of(tmp_path, "identity", "production") | DATABASE)
    assert told.edge_secret == identity.keys.edge_secret
    assert told.feed_key == json.loads((tmp_path / "producer" / "key.json").read_text())


DATABASE = {"AFFILIA_DATABASE_URL": "postgresql+psycopg://nobody@nowhere/nothing"}


def test_only_identity_is_given_the_key_that_signs(tmp_path: Path):
    prepare("secrets", tmp_path)
    signing = {name: json.loads((tmp_path / name / "keys.json").read_text())["signing"] for name in SERVICES}
    assert [name for name, key in signing.items() if key] == ["identity"]


def test_prepared_twice_it_is_the_same_installation_and_a_new_key_reaches_its_parts(tmp_path: Path):
    prepare("secrets", tmp_path)
    first = content(tmp_path)
    prepare("secrets", tmp_path)
    salted = "broker/definitions.json"
    assert content(tmp_path) | {salted: b""} == first | {salted: b""}
    ring = json.loads(first["ring/keys.json"])
    ring["events"]["dev-events-new"] = ring["events"][ring["events_current"]]
    (tmp_path / "ring" / "keys.json").write_text(json.dumps(ring))
    prepare("secrets", tmp_path)
    for name in SERVICES:
        assert "dev-events-new" in json.loads((tmp_path / name / "keys.json").read_text())["events"]


def test_a_lost_file_is_written_again_and_secrets_are_private(tmp_path: Path):
    prepare("secrets", tmp_path)
    before = (tmp_path / "members" / "broker_url").read_bytes()
    (tmp_path / "members" / "broker_url").unlink()
    prepare("secrets", tmp_path)
    assert (tmp_path / "members" / "broker_url").read_bytes() == before
    shared = {
        str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file() and stat.S_IMODE(file.stat().st_mode) != 0o600
    }
    assert shared == {"postgres/password", "broker/definitions.json"}


def test_what_an_operator_wrote_over_stays(tmp_path: Path):
    prepare("secrets", tmp_path)
    (tmp_path / "messaging" / "twilio_token").write_text("the operator's own")
    prepare("secrets", tmp_path)
    assert (tmp_path / "messaging" / "twilio_token").read_text() == "the operator's own"


def test_servers_that_run_as_others_may_enter_their_folder_and_nobody_else_s(tmp_path: Path):
    prepare("secrets", tmp_path / "secrets")
    entered = {folder.name for folder in (tmp_path / "secrets").iterdir() if stat.S_IMODE(folder.stat().st_mode) & 0o077}
    assert entered == {"postgres", "broker"}
    assert {volume.removesuffix("-secrets") for volume in images.described()["volumes"] if volume.endswith("-secrets")} == {
        folder.name for folder in (tmp_path / "secrets").iterdir()
    }


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    refused = prepare("secrets", tmp_path / "file" / "folder")
    assert (refused.exit_code, len(refused.output.splitlines())) == (1, 1)


# -- databases --------------------------------------------------------------------------------------------------------------------------


def test_databases_are_made_twice_alike_and_each_part_connects_under_its_app_role(postgres: LocalPostgres, tmp_path: Path):
    assert "affilia prepare secrets" in prepare("databases", tmp_path).output
    file = tmp_path / "postgres" / "superuser_url"
    file.parent.mkdir()
    file.write_text(postgres.url.set(drivername="postgresql").render_as_string(hide_password=False))
    for _again in range(2):
        done = prepare("databases", tmp_path)
        assert done.exit_code == 0, done.output
    for service in SERVICES:
        with psycopg.connect((tmp_path / service / "database_url").read_text().replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (f"{service}_app",)
        with psycopg.connect((tmp_path / "owner" / service).read_text().replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (f"{service}_owner",)


def test_a_server_that_is_away_is_said_without_its_password(tmp_path: Path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "superuser_url").write_text(f"postgresql://postgres:not-to-be-shown@127.0.0.1:{free_port()}/postgres")
    refused = prepare("databases", tmp_path)
    assert refused.exit_code == 1
    assert "PostgreSQL ne répond pas" in refused.output
    assert "not-to-be-shown" not in refused.output


# -- the broker's users -----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_each_part_declares_the_topology_and_tells_its_own_facts_alone(prepared: Prepared):
    for name in (*SERVICES, "gateway"):
        prepared.declare(name)
    for name in ("members", "gateway", "producer"):
        own = "dsn." if name in ("gateway", "producer") else f"{name}."
        mine, others = (next(fact for fact in CATALOGUE if fact.startswith(own) is wanted) for wanted in (True, False))
        with prepared.channel(name) as opened:
            opened.basic_publish(EXCHANGE, mine, b"{}", mandatory=True)
        with prepared.channel(name) as opened, pytest.raises(pika.exceptions.ChannelClosedByBroker) as refusal:
            opened.basic_publish(EXCHANGE, others, b"{}", mandatory=True)
        assert refusal.value.reply_code == 403


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_producer_publishes_with_the_kit_and_can_neither_read_nor_declare(prepared: Prepared):
    prepared.declare("members")
    outcome = taken(MONTHLY)
    key = PlatformKey.read((prepared.secrets / "producer" / "key.json").read_bytes())
    batch = kit.sealed(kit.items(outcome.declaration, outcome.facts), key, datetime(2026, 7, 6, tzinfo=UTC))
    publisher = BrokerPublisher(prepared.url("producer"))
    assert publisher.publish(batch).accepted == 12
    publisher.close()
    for act in (lambda opened: opened.basic_get("affilia.members"), lambda opened: opened.queue_declare("affilia.mine", durable=True)):
        with prepared.channel("producer") as opened, pytest.raises(pika.exceptions.ChannelClosedByBroker) as refusal:
            act(opened)
        assert refusal.value.reply_code == 403


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nobody_else_gets_in(prepared: Prepared):
    password, port = urlsplit(prepared.url("members")).password, prepared.node.port
    for stranger in (prepared.node.url, f"amqp://identity:{password}@127.0.0.1:{port}/%2F"):
        with pytest.raises(pika.exceptions.AMQPError):
            pika.BlockingConnection(pika.URLParameters(stranger))
    with pytest.raises(PublishRefused, match="identifiant"):
        BrokerPublisher(f"amqp://producer:faux@127.0.0.1:{port}/%2F").publish([_any()])
    described = json.loads((prepared.secrets / "broker" / "definitions.json").read_text())
    assert {user["name"] for user in described["users"]} == RIGHTS.keys()


def _any() -> kit.CloudEvent:
    words = dict.fromkeys(("id", "type", "source", "subject", "time", "contentkey"), "x")
    return kit.CloudEvent(**words, data=msgspec.Raw(b"{}"))
