"""The platform as it runs, with two houses whose story is told through its own doors; a pass of relays and workers is one call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text

from chassis.actor import SYSTEM
from chassis.relay import relay_once
from chassis.run import Worker
from chassis.service import Running
from chassis.testing import Bench
from events.fact import Fact
from gateway.embedded import Platform
from tests.contract.door import Addresses, Desk, Visit
from tests.contract.people import ACME, HUGO, NADIA, YVES, House

WRITTEN = text("SELECT (SELECT count(*) FROM outbox) AS told, (SELECT count(*) FROM audit) AS audited")
LAST_SUBJECT = text("SELECT subject FROM outbox WHERE name = :name ORDER BY id DESC LIMIT 1")

Persona = tuple[str, str | None]
"""An audience, and the token of a session (none for a visitor)."""


@dataclass
class World:
    """Services by name, and how to knock at them. ``ids`` are what each house owns, by the name of the thing."""

    benches: Mapping[str, Bench]
    platform: Platform
    desk: Desk
    ids: dict[House, dict[str, UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wsgi = Addresses(self.platform.wsgi)

    def visit(self, token: str | None = None) -> Visit:
        """Somebody at the platform's door."""
        return Visit(self.wsgi, token)

    def tokens(self, house: House = ACME) -> dict[str, str | None]:
        """A session of each audience, in one house; ``anonymous`` has none."""
        own = self.ids.get(house, {})
        people = {
            "employer": house.employer(),
            "applicant": house.applicant(own.get("affiliation", house.id("nobody"))),
            "member": house.member(own.get("person", house.id("nobody"))),
            "caseworker": NADIA,
        }
        return {"anonymous": None} | {kind: self.desk.open(actor) for kind, actor in people.items()}

    def personas(self, house: House) -> dict[str, Persona]:
        """A session of each role there is, in one house: the audience it belongs to, and its token."""
        tokens = self.tokens(house)
        roles = {"employer user": house.colleague(), "caseworker handle": HUGO, "caseworker read": YVES}
        named = {name: (actor.kind, self.desk.open(actor)) for name, actor in roles.items()}
        return {kind: (kind, token) for kind, token in tokens.items()} | named

    def settle(self) -> None:
        """Let every fact travel and every worker act, until nothing is due."""
        workers = {name: Worker(bench.running) for name, bench in self.benches.items()}
        while sum(self._step(workers[name], bench.running) for name, bench in self.benches.items()):
            pass

    def _step(self, worker: Worker, running: Running) -> int:
        return worker.once() + relay_once(running, self.platform.mailroom)

    def tell(self, publisher: str, *facts: Fact) -> None:
        """Have a service tell facts that a person did not cause here, and let them travel."""
        running = self.benches[publisher].running
        with running.working(SYSTEM) as work:
            for fact in facts:
                work.for_brand("hcr").emit(fact)
        self.settle()

    def last_subject(self, service: str, kind: type[Fact]) -> str:
        """Whom the last fact of a kind was about; the relay has emptied its body by now."""
        with self.benches[service].running.engine.connect() as connection:
            return str(connection.scalar(LAST_SUBJECT, {"name": kind.name}))

    def written(self, service: str) -> tuple[int, int]:
        """How many facts and audit entries a service holds: unchanged when a refusal left nothing."""
        with self.benches[service].running.engine.connect() as connection:
            told, audited = connection.execute(WRITTEN).one()
        return told, audited

    def parked(self) -> list[tuple[str, str, str]]:
        """Service, name and reason of each fact that could not be applied."""
        return [(name, *parked) for name, bench in self.benches.items() for parked in bench.parked()]
