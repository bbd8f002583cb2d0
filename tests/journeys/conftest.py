"""The whole platform in this process, served over real HTTP on loopback: what a journey walks through."""

import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text
from werkzeug.serving import make_server

from affilia import demo
from affilia.installation import Installation, bring_up_to_date
from affilia.keys import SERVICES, load_or_create
from affilia.local import LocalPostgres
from affilia.seed import ON
from affilia.story import Cast, Credentials, Story, World
from affilia.story.world import Visitor, eventually
from chassis import inbox
from gateway.embedded import Platform, find

UNSENT = text("SELECT count(*) FROM outbox WHERE sent_at IS NULL")


@dataclass(frozen=True)
class House:
    """A running platform: where it answers, who its caseworker is."""

    base: str
    caseworker: Credentials
    feed_token: str
    platform: Platform
    desks: list[Visitor] = field(default_factory=list)

    def quiet(self) -> None:
        """Wait until every fact told so far is applied."""
        eventually(lambda: _unapplied(self) == 0, "the events to settle")

    def story(self, cast: Cast) -> Story:
        """A telling with these people, on the seed's date."""
        told = Story(World(self.base, on=ON), cast, self.caseworker, self.feed_token, desk=next(iter(self.desks), None))
        self.desks[:] = [told.at_the_desk()]
        return told


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="affilia-journeys-") as name:
        folder = Path(name)
        with LocalPostgres.chosen(folder / "postgres", "TEST_DATABASE_URL", durable=False) as server:
            databases = {service: server.create(service) for service in SERVICES}
            yield from _served(Installation(folder, load_or_create(folder / "keys"), databases))


def _unapplied(house: House) -> int:
    """How many facts wait somewhere, sent or not."""
    total = 0
    for running in house.platform.services.values():
        with running.engine.connect() as connection:
            total += inbox.counts(connection)["waiting"] + int(connection.scalar(UNSENT) or 0)
    return total


def _served(installation: Installation) -> Iterator[House]:
    bring_up_to_date(find().values(), installation.databases)
    demo.ensure_caseworker(installation)
    (login,) = demo.logins(installation.folder)
    with installation.platform() as platform:
        server = make_server("127.0.0.1", 0, platform.wsgi, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        caseworker = Credentials(login.email, login.password, login.totp)
        yield House(f"http://127.0.0.1:{server.server_port}", caseworker, installation.ring.feed_token, platform)
        server.shutdown()
        server.server_close()
        thread.join()
