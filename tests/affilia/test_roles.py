"""Each role in a process of its own: a pair of identifiers typed in one is a code issued by another."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import psycopg
import pytest
import urllib3

from affilia import heartbeat
from affilia.health import age_of
from affilia.installation import BRANDS, Installation
from affilia.keys import SERVICES, load_or_create
from affilia.local import LocalPostgres
from affilia.roles import started
from affilia.story.world import eventually
from chassis.actor import Actor
from chassis.auth import HEADER, Signer
from events.employers import CompanyRegistered
from gateway.embedded import find
from tests.rabbitmq import Broker

COMMAND = [sys.executable, "-m", "affilia.cli", "run"]
ACTIVATION = {
    "siret": "12345678200010",
    "identifier": "FAUX",
    "first_name": "Lucie",
    "last_name": "MARTIN",
    "email": "lucie@exemple.example",
}


@pytest.fixture
def installation(postgres: LocalPostgres, tmp_path: Path) -> Installation:
    return Installation(tmp_path, load_or_create(tmp_path / "keys"), {name: postgres.create(name) for name in SERVICES})


def environment(installation: Installation) -> dict[str, str]:
    """What an operator writes down for the processes of a platform."""
    found = {"AFFILIA_MODE": "demo", "AFFILIA_BRANDS": str(BRANDS), "AFFILIA_POOL_SIZE": "3"}
    for name, database in installation.databases.items():
        found[f"AFFILIA_{name.upper()}_DATABASE_URL"] = database.app_url
        found[f"AFFILIA_{name.upper()}_OWNER_URL"] = database.owner_url
        keys = installation.folder / f"{name}.json"
        keys.write_bytes(msgspec.json.encode(installation.keys_of(name)))
        found[f"AFFILIA_{name.upper()}_KEYS_FILE"] = str(keys)
    return {**os.environ, **found}


@contextmanager
def process(environ: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A role at work; SIGTERM ends it within ten seconds."""
    child = subprocess.Popen([*COMMAND, *arguments], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=10) in (0, -signal.SIGTERM)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def states(installation: Installation) -> list[str]:
    """Where the worker left each request, as the platform itself sees them."""
    with psycopg.connect(installation.databases["employers"].owner_url.replace("+psycopg", "")) as connection:
        connection.execute("SELECT set_config('affilia.kind', 'system', false)")
        return [state for (state,) in connection.execute("SELECT state FROM activation_request")]


@pytest.mark.slow
def test_web_and_worker_of_one_service_share_its_database_and_end_on_sigterm(installation: Installation):
    pulse = installation.folder / "heartbeat"
    environ, port = environment(installation) | {heartbeat.VARIABLE: str(pulse)}, free_port()
    subprocess.run([*COMMAND, "migrate"], env=environ, check=True, capture_output=True, timeout=60)
    identity = Signer(installation.ring.signing_jwk).sign(
        Actor(kind="anonymous", brand="hcr", space="entreprise", address="192.0.2.7"), "employers"
    )
    with ExitStack() as processes, urllib3.PoolManager(retries=False) as pool:
        for arguments in (("web", "employers", "--port", port), ("worker", "employers"), ("relay", "employers")):
            processes.enter_context(process(environ, *arguments))
        address = f"http://127.0.0.1:{port}/activations"
        answer = eventually(lambda: posted(pool, address, identity), "the web role to answer", patience=30)
        assert answer.status == 202, answer.data
        eventually(lambda: states(installation) == ["wrong"], "the worker to resolve the request")
        assert age_of(pulse) == ""


COMPANY = CompanyRegistered(siren="123456782", company_name="LE BISTROT FACTICE", insurer="KLESIA")
RECEIVED = "SELECT state FROM inbox WHERE name = %s"


def heard(installation: Installation, service: str) -> list[str]:
    """What became of the company in a service that listens."""
    with psycopg.connect(installation.databases[service].owner_url.replace("+psycopg", "")) as connection:
        return [state for (state,) in connection.execute(RECEIVED, [COMPANY.name])]


@pytest.mark.slow
def test_over_a_broker_a_relay_knows_its_own_database_alone_and_a_worker_receives(installation: Installation, broker: Broker):
    environ = environment(installation) | {"AFFILIA_BROKER_URL": broker.url}
    subprocess.run([*COMMAND, "migrate"], env=environ, check=True, capture_output=True, timeout=60)
    alone = {name: value for name, value in environ.items() if "_DATABASE_URL" not in name or "EMPLOYERS" in name}
    employers = started(find(["employers"])["employers"], environ)
    with employers.working() as work:
        work.emit(COMPANY)
    employers.stop()
    with ExitStack() as processes:
        processes.enter_context(process(alone, "relay", "employers"))
        processes.enter_context(process(environ, "worker", "messaging"))
        eventually(lambda: heard(installation, "messaging") == ["done"], "the fact to cross the broker", patience=30)
    assert heard(installation, "members") == [], "its worker does not run: the fact waits for it on the broker"


def posted(pool: urllib3.PoolManager, address: str, identity: str) -> urllib3.BaseHTTPResponse | None:
    try:
        return pool.request("POST", address, json=ACTIVATION, headers={HEADER: identity})
    except urllib3.exceptions.HTTPError:
        time.sleep(0.1)
        return None


def test_a_missing_setting_stops_the_process_with_a_sentence():
    done = subprocess.run([*COMMAND, "worker", "members"], env={"PATH": ""}, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "environnement du service members" in done.stderr
