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
from pika.exceptions import ChannelClosedByBroker

from affilia.installation import Installation
from affilia.keys import SERVICES, generate
from affilia.local import ServiceDatabase
from affilia.story import Credentials
from affilia.story.world import eventually
from tests.identity.oidc.provider import Provider
from tests.nginx import private_nginx
from tests.rabbitmq import Broker, free_port
from tests.stack import backing
from tests.stack.forms import Spread
from tests.stack.part import COMMAND, START_S, Part
from tests.stack.settings import Ledger

PASSWORD = "Terrasse-Soleil-2026"
LEAD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = hashtext(%s)::oid"
ELECTION_S = 3.5
"""A quorum queue younger than this has no leader yet that a sudden death would leave behind (RabbitMQ 3.10)."""


class Stack:
    """A running platform. ``base`` is its public address, nginx's; ``addresses`` lie behind it; ``parts`` may be killed one by one."""

    def __init__(self, house: Installation, broker: Broker, bucket: Mapping[str, str], spread: Spread) -> None:
        self.house, self.broker = house, broker
        self._ledger = Ledger(house, broker.url, bucket)
        self._ports = {name: free_port() for name in (*SERVICES, "edge")}
        self.addresses = {name: f"http://127.0.0.1:{port}" for name, port in self._ports.items()}
        self.parts = {part.name: part for part in self._all(spread)}

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    @property
    def feed_token(self) -> str:
        return self.house.ring.feed_token

    def start(self) -> None:
        """Migrate, launch every part at once, wait for all of them and for their queues."""
        self.command("run", "migrate", owner=True)
        for part in self.parts.values():
            part.launch()
        with ThreadPoolExecutor(len(self.parts)) as pool:
            list(pool.map(Part.wait, self.parts.values()))
        eventually(self._listened_to, "every queue to have its consumer", patience=START_S)

    def command(self, *arguments: str, owner: bool = False) -> str:
        """An operator's command, with the settings of every service; returns what it prints."""
        environ = self._ledger.service(SERVICES, owner=owner)
        done = subprocess.run([*COMMAND, *arguments], cwd=self.house.folder, env=environ, capture_output=True, text=True, timeout=START_S)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def caseworker(self, name: str) -> Credentials:
        """An account, made the way an operator makes it. Each code of a second factor serves once: whoever signs in has her own."""
        email = f"{name}@affilia.example"
        said = self.command("caseworker", email, name.capitalize(), "Conseil", "--role", "administer", "--password", PASSWORD)
        return Credentials(email, PASSWORD, said.split()[-1])

    def end(self) -> None:
        for part in self.parts.values():
            part.end()

    def _all(self, spread: Spread) -> Iterator[Part]:
        for name in SERVICES:
            yield self._door(f"web-{name}", ("run", "web", name), name, self._ledger.service([name]), "/_/ready")
        for names in spread:
            for role in ("worker", "relay"):
                yield self._leader(role, names)
        yield self._door("edge", ("run", "edge"), "edge", self._ledger.edge(self.addresses), "/healthz")

    def _door(self, name: str, command: tuple[str, ...], who: str, environ: Mapping[str, str], path: str) -> Part:
        arguments = (*command, "--port", str(self._ports[who]))
        return Part(name, command[1], arguments, environ, self.house.folder, partial(_answers, self.addresses[who] + path))

    def _leader(self, role: str, names: tuple[str, ...]) -> Part:
        ready = partial(_leads, role, [self.house.databases[name] for name in names])
        name = f"{role}-{names[0]}" if len(names) == 1 else f"{role}s"
        return Part(name, role, ("run", role, *names), self._ledger.service(names), self.house.folder, ready)

    def _listened_to(self) -> bool:
        try:
            with self.broker.channel() as channel:
                return all(channel.queue_declare(f"affilia.{name}", passive=True).method.consumer_count for name in SERVICES)
        except ChannelClosedByBroker:  # no such queue yet
            return False


@contextmanager
def running(spread: Spread, elsewhere: Provider) -> Iterator[Stack]:
    """A platform of one's own on its own servers, for as long as the ``with`` lasts; ``elsewhere`` opens some of its spaces."""
    with TemporaryDirectory(prefix="affilia-stack-") as name, ExitStack() as servers:
        folder = Path(name)
        database = servers.enter_context(backing.database_server(folder))
        broker = servers.enter_context(backing.message_broker())
        bucket = servers.enter_context(backing.bucket(folder))
        databases = {name: database.create(name) for name in SERVICES}
        house = Installation(folder, generate(prefix=""), databases, free_port(), **elsewhere.agreed(folder / "brands"))
        stack = Stack(house, broker, bucket, spread)
        servers.callback(stack.end)
        stack.start()
        servers.enter_context(private_nginx(stack.addresses["edge"], stack.addresses, listen=f"127.0.0.1:{house.port}"))
        time.sleep(ELECTION_S)
        yield stack


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False, timeout=5).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _leads(role: str, databases: Sequence[ServiceDatabase]) -> bool:
    """Whether the lead of a role is held in each of these databases."""
    return all(_holds(database, f"affilia:{role}") for database in databases)


def _holds(database: ServiceDatabase, lock: str) -> bool:
    with psycopg.connect(database.owner_url.replace("+psycopg", "")) as connection:
        row = connection.execute(LEAD, [lock]).fetchone()
    return bool(row and row[0])
