"""The parts of a platform put together: migrated, started side by side, asked whether they are ready, peopled with its caseworker."""

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import urllib3

from affilia.installation import Installation
from affilia.keys import SERVICES, generate
from affilia.local import ServiceDatabase
from affilia.story import Credentials
from affilia.story.world import eventually
from tests.rabbitmq import Broker, free_port
from tests.stack import backing
from tests.stack.part import COMMAND, START_S, Part
from tests.stack.settings import Ledger

PASSWORD = "Terrasse-Soleil-2026"
CASEWORKER = "camille@affilia.example"
LEAD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = hashtext(%s)::oid"
ELECTION_S = 3.5
"""A quorum queue younger than this has no leader yet that a sudden death would leave behind (RabbitMQ 3.10)."""

Spread = Sequence[tuple[str, ...]]
APART: Spread = tuple((name,) for name in SERVICES)
"""A worker and a relay for each service, as operators run them."""
TOGETHER: Spread = (SERVICES,)
"""One worker and one relay for all: the same roles in two processes, where a small machine has little time."""


class Stack:
    """A running platform. ``base`` is its public address; ``parts`` may be killed one by one; ``started_in`` is in seconds."""

    def __init__(self, house: Installation, broker: Broker, bucket: Mapping[str, str], spread: Spread) -> None:
        self.house, self.broker = house, broker
        self._ledger = Ledger(house, broker.url, bucket)
        self._ports = {name: free_port() for name in (*SERVICES, "edge")}
        self.parts = {part.name: part for part in self._all(spread)}
        self.started_in = 0.0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    @property
    def feed_token(self) -> str:
        return self.house.ring.feed_token

    @property
    def databases(self) -> dict[str, str]:
        """The address of each service's database, as libpq writes it, under its owner."""
        return {name: _libpq(database) for name, database in self.house.databases.items()}

    def start(self) -> None:
        """Migrate, launch every part at once, wait for all of them and for their queues."""
        since = time.monotonic()
        self.command("run", "migrate", owner=True)
        for part in self.parts.values():
            part.launch()
        with ThreadPoolExecutor(len(self.parts)) as pool:
            list(pool.map(Part.wait, self.parts.values()))
        eventually(self._listened_to, "every queue to have its consumer", patience=START_S)
        self.started_in = time.monotonic() - since

    def command(self, *arguments: str, owner: bool = False) -> str:
        """An operator's command, with the settings of every service; returns what it prints."""
        environ = self._ledger.service(SERVICES, owner=owner)
        done = subprocess.run([*COMMAND, *arguments], cwd=self.house.folder, env=environ, capture_output=True, text=True, timeout=START_S)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def caseworker(self) -> Credentials:
        """Her account, made the way an operator makes it."""
        said = self.command("caseworker", CASEWORKER, "Camille", "Conseil", "--role", "administer", "--password", PASSWORD)
        return Credentials(CASEWORKER, PASSWORD, said.split()[-1])

    def end(self) -> None:
        for part in self.parts.values():
            part.end()

    def _all(self, spread: Spread) -> Iterator[Part]:
        upstreams = {name: f"http://127.0.0.1:{self._ports[name]}" for name in SERVICES}
        for name in SERVICES:
            yield self._door(f"web-{name}", ("run", "web", name), self._ports[name], self._ledger.service([name]), "/_/ready")
        for names in spread:
            for role in ("worker", "relay"):
                yield self._leader(role, names)
        yield self._door("edge", ("run", "edge"), self._ports["edge"], self._ledger.edge(upstreams), "/healthz")

    def _door(self, name: str, arguments: tuple[str, ...], port: int, environ: Mapping[str, str], path: str) -> Part:
        arguments += ("--port", str(port))
        ready = partial(_answers, f"http://127.0.0.1:{port}{path}")
        return Part(name, arguments[1], arguments, environ, self.house.folder, ready)

    def _leader(self, role: str, names: tuple[str, ...]) -> Part:
        ready = partial(_leads, role, [self.databases[name] for name in names])
        name = f"{role}-{names[0]}" if len(names) == 1 else f"{role}s"
        return Part(name, role, ("run", role, *names), self._ledger.service(names), self.house.folder, ready)

    def _listened_to(self) -> bool:
        with self.broker.channel() as channel:
            return all(channel.queue_declare(f"affilia.{name}", passive=True).method.consumer_count for name in SERVICES)


@contextmanager
def running(spread: Spread) -> Iterator[Stack]:
    """A platform of one's own on its own servers, for as long as the ``with`` lasts."""
    with TemporaryDirectory(prefix="affilia-stack-") as name, ExitStack() as servers:
        folder = Path(name)
        database = servers.enter_context(backing.database_server(folder))
        broker = servers.enter_context(backing.message_broker())
        bucket = servers.enter_context(backing.bucket(folder))
        house = Installation(folder, generate(prefix=""), {name: database.create(name) for name in SERVICES}, free_port())
        stack = Stack(house, broker, bucket, spread)
        servers.callback(stack.end)
        stack.start()
        time.sleep(ELECTION_S)
        yield stack


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False, timeout=5).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _leads(role: str, databases: Sequence[str]) -> bool:
    """Whether the lead of a role is held in each of these databases."""
    return all(_holds(url, f"affilia:{role}") for url in databases)


def _holds(url: str, lock: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute(LEAD, [lock]).fetchone()
    return bool(row and row[0])


def _libpq(database: ServiceDatabase) -> str:
    return database.owner_url.replace("+psycopg", "")
