"""A service described by one object, and the same service running: its engine, its keys, its brands, its adapters."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, MetaData

from chassis import audit, logs, outbox, trace
from chassis.actor import SYSTEM, Actor
from chassis.config import Brand, Settings, read_brands
from chassis.database import ActingSession, connect
from chassis.metrics import Metrics
from chassis.sealing import Sealer
from chassis.vault import Vault
from chassis.work import Told, Work
from events.fact import Fact

F = TypeVar("F", bound=Fact)
Handler = Callable[[Work[Any], Sequence[Told[Any]], Any], None]
"""What a subscription does: the work, the facts of one kind in their order, the adapters."""


@dataclass(frozen=True)
class Task:
    """Something a worker does beside reading its inbox: hand notices over, scan files, let a delay end.

    ``run`` gets a work and the adapters and returns how many things it did; it is called again at once while it returns some.
    """

    name: str
    every: timedelta
    run: Callable[[Work[Any], Any], int]


@dataclass(frozen=True, eq=False)
class Service:
    """All there is to know to run a service. Importing one does nothing.

    ``pings`` ask the outside whether it is there: each gets the adapters and raises when it is not. ``ships`` loads, after the history, the
    reference data that comes with the code, when the database holds another edition of it.
    """

    name: str
    title: str
    package: str
    metadata: MetaData
    vault: Vault
    settings: type[Settings] = Settings
    brand: type[Any] = dict
    doors: tuple[Any, ...] = ()
    subscriptions: Mapping[type[Fact], Handler] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    pings: Mapping[str, Callable[[Any], None]] = field(default_factory=dict)
    adapters: Callable[[Any], Any] = lambda settings: None
    ships: Callable[[ActingSession], None] | None = None
    max_body: int = 1_000_000
    """The largest request body that the service reads, in bytes."""

    @property
    def migrations(self) -> Path:
        """The folder of this service's Alembic history."""
        return Path(__file__).resolve().parent.parent.joinpath(*self.package.split("."), "migrations")

    @property
    def listens_to(self) -> frozenset[str]:
        """The names of the facts this service subscribes to."""
        return frozenset(kind.name for kind in self.subscriptions)

    def start(self, settings: Settings) -> "Running":
        """Unlock the keys, read the brands, make the adapters. Raises ``BadConfiguration`` before anything runs."""
        keys = settings.keys
        self.vault.unlock(keys.vault, keys.index)
        return Running(
            service=self,
            settings=settings,
            engine=connect(settings.database_url, pool_size=settings.pool_size, statement_timeout_ms=settings.statement_timeout_ms),
            brands=read_brands(settings.brands, self.name, self.brand),
            sealer=Sealer(keys.events, keys.events_current, keys.feed),
            adapters=self.adapters(settings),
        )


@dataclass
class Running:
    """A service at work in this process."""

    service: Service
    settings: Settings
    engine: Engine
    brands: Mapping[str, Brand[Any]]
    sealer: Sealer
    adapters: Any

    @property
    def name(self) -> str:
        return self.service.name

    @cached_property
    def log(self) -> Any:
        return logs.log(self.name)

    @cached_property
    def metrics(self) -> Metrics:
        return Metrics()

    @property
    def pings(self) -> Mapping[str, Callable[[], None]]:
        """What of the outside can be asked whether it is there: each raises when it is not. The broker is one of them."""
        own = {name: partial(ping, self.adapters) for name, ping in self.service.pings.items()}
        return {**own, "broker": self._broker} if self.settings.broker_url else own

    @cached_property
    def _broker(self) -> Callable[[], None]:
        from chassis.broker.link import Probe  # a platform without a broker never loads its library

        return Probe(self.settings.broker_url)

    @cached_property
    def default_brand(self) -> str:
        """The brand of work that names none: the one marked ``default``, else the first."""
        return next((key for key, brand in self.brands.items() if brand.identity.default), next(iter(self.brands)))

    def begin(self, actor: Actor, *, traceparent: str | None = None, now: datetime | None = None) -> Work[Any]:
        """A new work for ``actor``: its session is not connected before its first statement."""
        return Work(
            session=ActingSession(self.engine, actor),
            actor=actor,
            now=now or datetime.now(UTC),
            brands=self.brands,
            trace=trace.accept(traceparent),
            brand_key=actor.brand or "",
        )

    def commit(self, work: Work[Any]) -> None:
        """Write what the work told, then commit both together: the only place where a business transaction ends well."""
        work.session.flush()
        audit.write(work)
        outbox.write(work, f"affilia:{self.name}", self.sealer)
        work.session.commit()

    @contextmanager
    def working(self, actor: Actor = SYSTEM, **options: Any) -> Any:
        """A work that commits when its block ends, and leaves nothing behind when it raises."""
        work = self.begin(actor, **options)
        with work.session:
            yield work
            self.commit(work)

    def stop(self) -> None:
        self.engine.dispose()
