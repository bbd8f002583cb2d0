"""From the commit of an act in one service to its effect in the database of another, at 200 acts a second, one transaction each.

Employers tell of a company, members write it down. All runs in this process, as in the embedded mode: relay, way, worker, and whoever
asks, 200 times a second, what has arrived.
"""

import threading
import time
from collections.abc import Callable, Sequence

from sqlalchemy import text

from affilia.local import LocalPostgres
from chassis import run as roles
from chassis.actor import SYSTEM
from chassis.broker.carrier import BrokerCarrier
from chassis.broker.consumer import Consumer
from chassis.broker.topology import Topology
from chassis.config import Keys
from chassis.relay import Mailroom
from chassis.service import Service
from chassis.testing import Bench, invented_keys
from events.employers import CompanyRegistered
from services.employers.app import SERVICE as EMPLOYERS
from services.members.app import SERVICE as MEMBERS
from tests.bench.ground import ground
from tests.bench.readings import Reading, percentile, within

A_SECOND = 200
SECONDS = 10
LOOK_S = 0.005
LONGEST_S = 60
ARRIVED = text("SELECT siren FROM company WHERE siren = ANY(:awaited)")


def run(rounds: int) -> list[Reading]:
    with ground() as (postgres, node):
        keys = invented_keys()
        told, heard = (_bench(postgres, service, keys) for service in (EMPLOYERS, MEMBERS))
        topology = Topology.of([EMPLOYERS, MEMBERS])

        def by_broker() -> Sequence[roles.Loop]:
            sender = roles.relay(told.running, BrokerCarrier(node.url, topology))
            return [sender, Consumer(heard.running, node.url, topology), roles.worker(heard.running)]

        def embedded() -> Sequence[roles.Loop]:
            return [roles.relay(told.running, Mailroom([heard.running])), roles.worker(heard.running)]

        ways = {"RabbitMQ": by_broker, "embarqué": embedded}
        delays: dict[str, list[float]] = {way: [] for way in ways}
        for number in range(rounds):
            for way, start in ways.items():
                delays[way] += Round(told, heard, f"{way[0]}{number}").play(start)
        return [reading for way, found in delays.items() for reading in _read(way, found)]


def _read(way: str, delays: list[float]) -> list[Reading]:
    half, most = percentile(delays, 0.5), percentile(delays, 0.99)
    beside = f"{len(delays)} actes, le plus long {max(delays):.2f} s"
    return [
        within(f"Du commit à l'effet, {way}, médiane", half * 1000, 100, "ms", beside),
        within(f"Du commit à l'effet, {way}, 99 sur 100", most * 1000, 1000, "ms", beside),
    ]


def _bench(postgres: LocalPostgres, service: Service, keys: Keys) -> Bench:
    urls = postgres.create(service.name)
    return Bench(service, urls.app_url, urls.owner_url, keys)


class Round:
    """Ten seconds of acts, and the delay of each."""

    def __init__(self, told: Bench, heard: Bench, name: str) -> None:
        self._told, self._heard, self._name = told, heard, name
        self._done_at: dict[str, float] = {}
        self._seen_at: dict[str, float] = {}

    def play(self, start: Callable[[], Sequence[roles.Loop]]) -> list[float]:
        """The delays, in seconds."""
        loops = start()
        for loop in loops:
            loop.start()
        acting = threading.Thread(target=self._act)
        acting.start()
        self._look(acting)
        roles.stop(loops)
        return [seen - self._done_at[siren] for siren, seen in self._seen_at.items()]

    def _act(self) -> None:
        began = time.monotonic()
        for number in range(A_SECOND * SECONDS):
            time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
            siren = f"{self._name}{number:06d}"
            with self._told.running.working(SYSTEM) as work:
                work.for_brand("hcr").emit(CompanyRegistered(siren=siren, company_name="SOCIETE FICTIVE", insurer="klesia"))
            self._done_at[siren] = time.monotonic()

    def _look(self, acting: threading.Thread) -> None:
        deadline = time.monotonic() + SECONDS + LONGEST_S
        while acting.is_alive() or len(self._seen_at) < len(self._done_at):
            assert time.monotonic() < deadline, "des effets ne viennent pas"
            awaited = [siren for siren in list(self._done_at) if siren not in self._seen_at]
            with self._heard.running.working(SYSTEM) as work:
                arrived = work.session.scalars(ARRIVED, {"awaited": awaited}).all()
            self._seen_at |= dict.fromkeys(arrived, time.monotonic())
            time.sleep(LOOK_S)
