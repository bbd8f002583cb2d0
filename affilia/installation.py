"""One machine's installation: its folder, its keys, its databases, and the six services ready to run on them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import NullPool, create_engine

from affilia import keys
from affilia.keys import Keyring
from affilia.local import DATA, LocalPostgres, ServiceDatabase
from chassis import logs, migrate
from chassis.config import Keys, read_brands
from chassis.service import Running, Service

if TYPE_CHECKING:
    from gateway.embedded import Platform

BRANDS = Path(__file__).resolve().parent.parent / "deploy" / "brands"
LOGINS = "logins.json"
SPACE = "http://{space}.{brand}.localhost"
NOWHERE = "postgresql+psycopg://personne@localhost/nulle-part"
"""A database that nothing connects to, for what only needs to know how services look."""

_one_migration = threading.Lock()
"""Alembic keeps its context in a module of its own: databases are made side by side, histories are played in turn."""


@dataclass(frozen=True)
class Installation:
    """What a process needs to run the platform; it can be sent to another process. ``port`` is where people reach it, ``oidc_secrets``
    what identity providers know it by."""

    folder: Path
    ring: Keyring
    databases: Mapping[str, ServiceDatabase]
    port: int = 8080
    brands: Path = BRANDS
    oidc_secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The address of the start page."""
        return f"http://localhost:{self.port}"

    def space(self, key: str, brand: str = "hcr") -> str:
        """The address of a space of a brand: ``assure``, ``entreprise``, ``conseil``."""
        return f"{SPACE.format(space=key, brand=brand)}:{self.port}"

    @property
    def logins(self) -> Path:
        """The file that lists the demo accounts."""
        return self.folder / LOGINS

    def keys_of(self, service: str) -> Keys:
        """The part of the keyring that one service is given: only identity signs."""
        return self.ring.of(service)

    def start(self, service: Service) -> Running:
        """The service on its database, under its app role."""
        known = {field.name for field in msgspec.structs.fields(service.settings)}
        local = {name: value for name, value in self._local().items() if name in known}
        database = self.databases[service.name]
        return service.start(
            service.settings(
                mode="demo",
                database_url=database.app_url,
                owner_url=database.owner_url,
                brands=self.brands,
                keys=self.keys_of(service.name),
                time_travel=True,
                **local,
            )
        )

    def platform(self) -> Platform:
        """The whole platform, not started."""
        from gateway.embedded import Platform, find

        return Platform({name: self.start(service) for name, service in find().items()}, self._gateway())

    def _gateway(self) -> Any:
        from affilia.producer import FILE as PRODUCERS
        from affilia.producer import known
        from gateway.config import Settings

        return Settings(
            mode="demo",
            brands=self.brands,
            edge_secret=self.ring.edge_secret,
            feed_token=self.ring.feed_token,
            feed_key=self.ring.feed_public(),
            producers=known(self.folder / PRODUCERS.name),
            show_caught=True,
            logins=self.logins,
        )

    def _local(self) -> dict[str, Any]:
        """Settings that some services have and that depend on this machine."""
        folder = self.folder.resolve()
        places = {"public_url": f"{SPACE}:{self.port}", "store": folder / "files", "audit_anchor": folder / "anchors.jsonl"}
        return places | {"oidc_secrets": dict(self.oidc_secrets)}


@contextmanager
def opened(folder: Path = DATA, names: Iterable[str] = keys.SERVICES, **options: Any) -> Iterator[Installation]:
    """The installation of a folder, its PostgreSQL running for as long as the ``with`` lasts."""
    quiet()
    ring = keys.load_or_create(folder / "keys")
    with LocalPostgres.chosen(folder / "postgres") as server:
        yield Installation(folder, ring, _databases(server, tuple(names)), **options)


def described() -> Installation:
    """An installation that no database backs: enough to describe the API."""
    quiet()
    nowhere = ServiceDatabase(NOWHERE, NOWHERE)
    return Installation(DATA, keys.generate(), dict.fromkeys(keys.SERVICES, nowhere))


def check_brands(folder: Path) -> None:
    """Read every brand file as each part will. Raises ``BadConfiguration`` in the terminal, not in the process that serves."""
    from gateway import config
    from gateway.embedded import find

    config.brands(folder)
    for service in find().values():
        read_brands(folder, service.name, service.brand)


def quiet() -> None:
    """Keep a terminal for people: only warnings are logged there."""
    logs.configure(pretty=True, level=logging.WARNING)


Done = Callable[[str], object]


def bring_up_to_date(services: Iterable[Service], databases: Mapping[str, ServiceDatabase], done: Done = str) -> None:
    """Migrate each database that is behind, and load what ships with the code."""
    for service in services:
        with _one_migration:
            if not _at_head(service, databases[service.name].owner_url):
                migrate.upgrade(service, databases[service.name].owner_url)
            migrate.refresh(service, databases[service.name].owner_url)
        done(service.name)


def _at_head(service: Service, owner_url: str) -> bool:
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        return migrate.current_revision(connection) == migrate.head_revision(service)


def _databases(server: LocalPostgres, names: tuple[str, ...]) -> dict[str, ServiceDatabase]:
    with ThreadPoolExecutor(len(names)) as pool:
        return dict(zip(names, pool.map(server.create, names), strict=True))
