"""A national month, from the file to the rights: read, sealed, sent to the producers' door, carried by RabbitMQ, applied by members.

Beside it the machine's limit for the same events (``limits``). Then the feed at a steady pace while employers read their lists through
nginx: what it costs them. ``--individuals`` says how large the country is; its people are enrolled before anything is measured.
"""

import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from nacl.public import PrivateKey

from affilia.local import LocalPostgres
from chassis import logs
from chassis import run as roles
from chassis.broker.consumer import Consumer
from chassis.broker.topology import Topology
from chassis.config import Keys
from chassis.sealing import unb64
from feeds import kit
from feeds.dsn import Taken, read
from feeds.publishers import HttpPublisher
from feeds.sealing import PlatformKey, b64
from gateway import feed
from gateway.broker_room import BrokerRoom
from gateway.config import Settings
from gateway.upstream import OverHttp
from services.members.app import SERVICE
from tests.bench import national_file, payrolls
from tests.bench.amqp_raw import RawAmqp
from tests.bench.dsn_applied import Months
from tests.bench.gateway import PATH, _gateway, _settings
from tests.bench.ground import ground, timed, until
from tests.bench.load import slowest
from tests.bench.readings import Reading, at_least, at_most, within
from tests.bench.staff import Staff, members, served
from tests.gateway import stand
from tests.gateway.issuer import Issuer
from tests.rabbitmq import Node

INDIVIDUALS = 200_000
SHARE = 0.2
"""Of the machine's limit, a fact at a time."""
PACE = 500
"""Events a second of the steady feed."""
SECONDS = 10
FLAT_MIB = 64
"""What a country ten times as large may add to the memory of those who carry it."""


class Sent(NamedTuple):
    """What the producer's process did: facts, and the most memory it held (MiB)."""

    facts: int
    peak: float


def run(rounds: int, individuals: int = INDIVIDUALS) -> list[Reading]:
    with ground() as (postgres, node), tempfile.TemporaryDirectory(prefix="affilia-bench-") as folder:
        country = Country(postgres, node, individuals)
        month = country.month(Path(folder))
        return [*month, *Portals(postgres, node, country.keys).compare(rounds)]


class Country(Months):
    """The people of a country, enrolled; one month of theirs, from files."""

    def __init__(self, postgres: LocalPostgres, node: Node, individuals: int) -> None:
        super().__init__(postgres, node, companies=max(10, individuals // payrolls.HEADCOUNT))
        self.keys = self._keys

    def month(self, folder: Path) -> list[Reading]:
        """A tenth of the country first: what the whole adds to the memory is seen beside it."""
        tenth = self._people[: len(self._people) // 10 // payrolls.HEADCOUNT * payrolls.HEADCOUNT]
        with served(partial(_door, self._keys, self._node.url)) as (base, _):
            small = self._sent(folder / "dixieme.dsn", base, tenth, 0)
            before, held = small.peak, _held()
            file = folder / "pays.dsn"
            facts = national_file.write(file, self._people, 1)
            sent: list[Sent] = []
            seconds = self._drained(facts, lambda: sent.append(_publish(file, base, self._keys)))
        self._events = payrolls.month(self._people, 1, self._keys)
        raw = self._raw()
        return [
            at_least(f"Mois national de {len(self._people)} personnes, du fichier aux droits", facts / seconds, raw, SHARE, "faits/s"),
            within("Mémoire de plus du producteur pour dix fois plus", sent[0].peak - before, FLAT_MIB, "Mio"),
            within("Mémoire de plus du consommateur pour dix fois plus", max(0.0, _held() - held), FLAT_MIB, "Mio"),
        ]

    def _sent(self, file: Path, base: str, people: list[payrolls.Employee], month: int) -> Sent:
        sent: list[Sent] = []
        self._drained(national_file.write(file, people, month), lambda: sent.append(_publish(file, base, self._keys)))
        return sent[0]

    def _drained(self, facts: int, publish: Any) -> float:
        """Seconds from the first byte of the file to the last right."""
        applied = self._applied()
        loops = [Consumer(self._bench.running, self._node.url, self._topology), roles.worker(self._bench.running)]

        def drain() -> None:
            for loop in loops:
                loop.start()
            publish()
            until(lambda: self._applied() >= applied + facts)

        seconds = timed(drain)
        roles.stop(loops)
        return seconds


class Portals:
    """Employers read their lists through nginx and the edge; meanwhile, or not, payrolls tell facts at a steady pace."""

    def __init__(self, postgres: LocalPostgres, node: Node, keys: Keys) -> None:
        self._node, self._keys = node, keys
        self._staff = Staff(postgres, keys, people=2_000, name="portals")
        self._topology = Topology.of([SERVICE], prefix="portals")

    def compare(self, rounds: int) -> list[Reading]:
        issuer = Issuer(self._keys)
        with served(partial(members, self._staff.settings)) as (service, _), _gateway(service, issuer, self._keys) as port, self._worker():
            ask = partial(slowest, f"http://127.0.0.1:{port}/api/members{PATH}", seconds=SECONDS)
            quiet, fed = [], []
            for number in range(rounds):
                quiet.append(ask(stand.bearer(issuer.open("employer"))))
                with self._feeding(number):
                    fed.append(ask(stand.bearer(issuer.open("employer"))))
        self._staff.bench.close()
        return [at_most(f"p99 d'une liste par nginx, la paie à {PACE} faits/s", min(fed), min(quiet), 2, "ms")]

    @contextmanager
    def _worker(self) -> Iterator[None]:
        loops = [Consumer(self._staff.bench.running, self._node.url, self._topology), roles.worker(self._staff.bench.running)]
        for loop in loops:
            loop.start()
        try:
            yield
        finally:
            roles.stop(loops)

    @contextmanager
    def _feeding(self, month: int) -> Iterator[None]:
        """Facts of people who have no rights here: each is kept, sought and judged."""
        people = payrolls.country(PACE * (SECONDS + 2) // payrolls.HEADCOUNT)
        events = payrolls.month(people, month, self._keys)
        over = threading.Event()
        feeder = threading.Thread(target=self._feed, args=(events, over))
        feeder.start()
        try:
            yield
        finally:
            over.set()
            feeder.join()

    def _feed(self, events: list[kit.CloudEvent], over: threading.Event) -> None:
        messages = payrolls.messages(events)
        began, step = time.monotonic(), PACE // 10
        with RawAmqp(self._node.url) as amqp:
            for place in range(0, len(messages), step):
                amqp.publish(self._topology.exchange, messages[place : place + step], window=step)
                if over.wait(max(0.0, began + (place + step) / PACE - time.monotonic())):
                    return


def _door(keys: Keys, broker_url: str) -> Any:
    """The producers' door as the edge plays it, its facts handed to the broker."""
    logs.configure(pretty=False)
    settings = Settings(**(_settings(keys) | {"feed_token": keys.edge_secret}))
    return feed.Door(settings, BrokerRoom(broker_url, Topology.of([SERVICE])), None, OverHttp({}))


def _publish(file: Path, base: str, keys: Keys) -> Sent:
    """A producer in a process of its own."""
    ((key_id, secret),) = keys.feed.items()
    public = b64(bytes(PrivateKey(unb64(secret)).public_key))
    arguments = [str(file), base, keys.edge_secret, key_id, public]
    told = subprocess.run([sys.executable, "-m", "tests.bench.national_month", *arguments], capture_output=True, text=True, check=True)
    facts, peak = told.stdout.split()
    return Sent(int(facts), int(peak) / 1024)


def _held() -> float:
    """The memory that this process, which consumes and applies, holds now (MiB)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _produce(file: str, base: str, token: str, key_id: str, public: str) -> None:
    from datetime import UTC, datetime

    publisher, key, facts = HttpPublisher(base, token), PlatformKey(id=key_id, public_key=public), 0
    with open(file, "rb") as stream:
        items = (item for one in read(stream) if isinstance(one, Taken) for item in kit.items(one.declaration, one.facts))
        for batch in kit.batches(items):
            publisher.publish(kit.sealed(batch, key, datetime.now(UTC)))
            facts += len(batch)
    print(facts, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    _produce(*sys.argv[1:])
