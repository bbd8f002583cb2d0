"""Where journeys are walked: the whole platform in this process, or spread over processes, brokers and stores. The same interface."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from werkzeug.serving import make_server

from affilia import demo
from affilia.installation import Installation, bring_up_to_date
from affilia.keys import SERVICES, load_or_create
from affilia.local import LocalPostgres
from affilia.seed import ON
from affilia.story import Cast, Credentials, Story, World
from affilia.story.world import Visitor
from gateway.embedded import find
from tests.faults.checker import Witness
from tests.identity.oidc.provider import Provider
from tests.stack.platform import Stack

PATIENCE_S = 60.0


@dataclass(frozen=True)
class House:
    """A running platform: where it answers, who its caseworker is, who reads its databases."""

    base: str
    caseworker: Credentials
    feed_token: str
    witness: Witness
    desks: list[Visitor] = field(default_factory=list)

    def quiet(self) -> None:
        """Wait until every fact told so far is applied by everybody who listens to it."""
        self.witness.settle(PATIENCE_S)

    def story(self, cast: Cast, brand: str = "hcr") -> Story:
        """A telling with these people, on the seed's date, from a network of their own."""
        world = World(self.base, brand=brand, on=ON, home=home(cast.siren))
        told = Story(world, cast, self.caseworker, self.feed_token, desk=next(iter(self.desks), None))
        self.desks[:] = [told.at_the_desk()]
        return told

    def ages(self, service: str, instant: str, interval: str) -> None:
        """What no visitor can do: time passes over an instant (``table.column``), such as ``'91 days'``."""
        table, column = instant.split(".")
        self.witness.write(service, f"UPDATE {table} SET {column} = {column} - interval '{interval}'")


def moved(visitor: Visitor) -> Visitor:
    """The same browser on another wifi."""
    there = World(visitor.world.base, brand=visitor.world.brand, on=visitor.world.on, home=home(visitor.world.home))
    found = there.visitor(visitor.space)
    found.device = visitor.device
    return found


def home(seed: str) -> str:
    """A loopback address in a network that no other story calls from; elsewhere than on Linux there is one network for all."""
    first, second, *_rest = sha256(seed.encode()).digest()
    return f"127.{first}.{second}.7" if sys.platform == "linux" else ""


@contextmanager
def embedded(elsewhere: Provider) -> Iterator[House]:
    """Everything in this process, over real HTTP on loopback."""
    with TemporaryDirectory(prefix="affilia-journeys-") as name:
        folder = Path(name)
        with LocalPostgres.chosen(folder / "postgres", "TEST_DATABASE_URL", durable=False) as server:
            databases = {service: server.create(service) for service in SERVICES}
            ring, agreed = load_or_create(folder / "keys"), elsewhere.agreed(folder / "brands")
            with _served(Installation(folder, ring, databases, **agreed)) as house:
                yield house


def distributed(stack: Stack, caseworker: str) -> House:
    """The platform that ``stack`` runs, seen with a caseworker of that first name."""
    return House(stack.base, stack.caseworker(caseworker), stack.feed_token, Witness.of(stack.house.databases))


@contextmanager
def _served(installation: Installation) -> Iterator[House]:
    bring_up_to_date(find().values(), installation.databases)
    demo.ensure_caseworker(installation)
    (login,) = demo.logins(installation.folder)
    with installation.platform() as platform:
        server = make_server("127.0.0.1", 0, platform.wsgi, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        caseworker = Credentials(login.email, login.password, login.totp)
        base, token = f"http://127.0.0.1:{server.server_port}", installation.ring.feed_token
        yield House(base, caseworker, token, Witness.of(installation.databases))
        server.shutdown()
        server.server_close()
        thread.join()
