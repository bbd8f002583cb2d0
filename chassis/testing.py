"""A bench for tests: one service on a real database under its app role, with its HTTP door and its message door.

Nothing is mocked: identities are signed, facts are sealed, inbox and outbox are tables.
"""

import base64
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from joserfc.jwk import ECKey
from sqlalchemy import NullPool, create_engine, text
from werkzeug.test import Client as WerkzeugClient
from werkzeug.test import TestResponse

import events
from chassis import hearing, inbox, migrate, tables
from chassis.actor import Actor
from chassis.auth import HEADER, Signer
from chassis.config import Keys
from chassis.envelope import Envelope
from chassis.http import DATE_HEADER, App, create_app
from chassis.ids import uuid7
from chassis.run import Worker
from chassis.service import Running, Service
from events.fact import Fact

F = TypeVar("F", bound=Fact)
BRANDS = Path(__file__).resolve().parent.parent / "deploy" / "brands"


def secret() -> str:
    """32 random bytes in base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def invented_keys() -> Keys:
    """A fresh set of keys for one test run, signing key included."""
    key = ECKey.generate_key("P-256", {"kid": "dev-test", "alg": "ES256", "use": "sig"})
    return Keys(
        vault={"dev-vault": secret()},
        index=secret(),
        events={"dev-events": secret()},
        events_current="dev-events",
        feed={"dev-feed": secret()},
        jwks={"keys": [key.as_dict(private=False)]},
        signing=key.as_dict(private=True),
        edge_secret=secret(),
    )


class Bench:
    """A service under test: ``bench.as_(actor).post(…)``, ``bench.tell(fact)``, ``bench.told(Kind)``."""

    def __init__(self, service: Service, app_url: str, owner_url: str, keys: Keys, **settings: Any) -> None:
        migrate.upgrade(service, owner_url)
        self.owner = create_engine(owner_url, poolclass=NullPool)
        values: dict[str, Any] = {"mode": "test", "brands": BRANDS, "time_travel": True, "pool_size": 12} | settings
        self.running: Running = service.start(service.settings(database_url=app_url, owner_url=owner_url, keys=keys, **values))
        self.app: App = create_app(self.running)
        assert keys.signing is not None
        self._signer = Signer(keys.signing)

    def as_(self, actor: Actor, *, on: date | None = None) -> "Client":
        """An HTTP client that acts as ``actor``, on the civil date ``on`` when given."""
        return Client(self.app, self._signer.sign(actor, self.running.name), on)

    def anonymous(self, brand: str = "hcr", space: str = "assure", address: str = "192.0.2.1") -> "Client":
        """A visitor of a brand's space who has not signed in."""
        return self.as_(Actor(kind="anonymous", brand=brand, space=space, address=address))

    def tell(self, *facts: Fact, brand: str = "hcr") -> None:
        """Deliver facts as another service would, and apply all that is due."""
        self.deliver(*facts, brand=brand)
        self.work()

    def deliver(self, *facts: Fact, brand: str = "hcr", ids: Sequence[Any] = ()) -> list[Any]:
        """Put facts into the inbox, sealed, without applying them; returns their event ids."""
        envelopes = self.sealed(*facts, brand=brand, ids=ids)
        with self.running.engine.begin() as connection:
            inbox.deliver(connection, envelopes)
        return [envelope.event_id for envelope in envelopes]

    def sealed(self, *facts: Fact, brand: str = "hcr", ids: Sequence[Any] = ()) -> list[Envelope]:
        """Facts as another service would send them."""
        chosen = list(ids) or [uuid7() for _ in facts]
        headers = {"source": "affilia:test", "time": datetime.now(UTC).isoformat(), "brand": brand, "traceparent": "", "causation": ""}
        seal = self.running.sealer.sealing
        return [
            Envelope(event_id, fact.name, fact.subject, headers, events.encode(fact, seal(fact.name)))
            for event_id, fact in zip(chosen, facts, strict=True)
        ]

    def work(self) -> int:
        """Run the worker until nothing is due; returns how much it did."""
        worker, total = Worker(self.running), 0
        while done := worker.once():
            total += done
        return total

    def parked(self) -> list[tuple[str, str]]:
        """Name and reason of each fact that is parked or failed once: a happy test asserts that there is none."""
        with self.running.engine.connect() as connection:
            rows = connection.execute(
                text("SELECT name, reason FROM inbox WHERE state = 'parked' OR state = 'waiting' AND attempts > 0 ORDER BY position")
            )
            return [(row.name, row.reason) for row in rows]

    def told(self, kind: type[F]) -> list[F]:
        """Facts of one kind that the service told and committed, in order."""
        query = text("SELECT event_id, name, subject, headers, body FROM outbox WHERE name = :name ORDER BY id")
        with self.running.engine.connect() as connection:
            rows = connection.execute(query, {"name": kind.name}).all()
        return [hearing.read(self.running, kind, Envelope(**row._mapping)) for row in rows]  # type: ignore[misc]

    def audited(self) -> list[str]:
        """The actions of the audit trail, in order."""
        with self.running.engine.connect() as connection:
            return list(connection.scalars(text("SELECT action FROM audit ORDER BY id")))

    def empty(self) -> None:
        """Forget every row: the schema stays."""
        names = [*self.running.service.metadata.tables, *tables.PLUMBING.tables]
        with self.owner.begin() as connection:
            connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))

    def close(self) -> None:
        self.running.stop()

    def drift(self) -> list[Any]:
        """Differences between models and migrations: a test asserts that there is none."""
        return migrate.drift(self.running.service, str(self.owner.url.render_as_string(hide_password=False)))

    def unwalled(self) -> list[str]:
        """Business tables without forced row-level security: a test asserts that there is none, or names those that are nobody's."""
        forced = text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relforcerowsecurity")
        with self.owner.connect() as connection:
            return sorted(self.running.service.metadata.tables.keys() - set(connection.scalars(forced)))


class Client(WerkzeugClient):
    """A test client that shows a signed identity with each request."""

    def __init__(self, app: App, identity: str, on: date | None) -> None:
        super().__init__(app)
        self._headers = {HEADER: identity} | ({DATE_HEADER: on.isoformat()} if on else {})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs["headers"] = {**self._headers, **dict(kwargs.pop("headers", None) or {})}
        return super().open(*args, **kwargs)


def unguarded(app: App) -> list[str]:
    """Routes that no audience guards, the plumbing aside: a test asserts that there is none."""
    doors = {door.name for door in app.running.service.doors if getattr(door, "audience", ())}
    return sorted(rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] not in doors | {"plumbing"})
