"""``affilia run``: one role of one service or of several, told by its environment. What ``demo`` keeps in one process, operators spread.

The edge is a role too, of the whole platform: the gateway's pages and doors, behind nginx.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from affilia import heartbeat
from affilia.heartbeat import Heartbeat
from affilia.keys import SERVICES
from chassis import logs, migrate, run
from chassis.config import BadConfiguration, from_environment
from chassis.relay import Carrier, Mailroom
from chassis.service import Running, Service

if TYPE_CHECKING:
    from chassis.broker.topology import Topology

ROLES = ("web", "edge", "worker", "relay", "migrate")
THREADS = 8
GRACE_S = 8


@click.command("run")
@click.argument("role", type=click.Choice(ROLES))
@click.argument("services", nargs=-1, type=click.Choice(SERVICES))
@click.option("--address", default="127.0.0.1", show_default=True, help="L'adresse d'écoute des rôles web et edge.")
@click.option("--port", default=8000, show_default=True, help="Le port d'écoute des rôles web et edge.")
def command(role: str, services: tuple[str, ...], address: str, port: int) -> None:
    """Joue un ROLE (web, edge, worker, relay, migrate) pour SERVICES, ou pour tous ; les réglages viennent de l'environnement."""
    logs.configure(pretty=False)
    named = _find(services or SERVICES)
    try:
        _PLAY[role](named, address, port)
    except BadConfiguration as refusal:
        raise click.ClickException(str(refusal)) from None


def _find(names: tuple[str, ...]) -> Mapping[str, Service]:
    from gateway.embedded import find

    return find(names)


def started(service: Service, environ: Mapping[str, str] = os.environ) -> Running:
    """The service on the database and with the keys that its environment names. Raises ``BadConfiguration``."""
    return service.start(from_environment(service.settings, service.name, environ))


def _web(services: Mapping[str, Service], address: str, port: int) -> None:
    if len(services) != 1:
        raise BadConfiguration("Le rôle web sert un seul service à la fois : nommez-le.")
    (service,) = services.values()
    started(service).stop()  # a bad setting is refused here, before a worker process is made
    _serve(partial(application, service.name), address, port)


def _edge(_services: Mapping[str, Service], address: str, port: int) -> None:
    edge_application()
    _serve(edge_application, address, port)


def _serve(load: Callable[[], Any], address: str, port: int) -> None:
    """Serve what ``load`` makes, in a process of its own, until SIGTERM."""
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "affilia.roles",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        workers_kill_timeout=GRACE_S,
    )
    server.serve(target_loader=load, wrap_loader=False)


def application(name: str) -> Any:
    """The WSGI application of a service, made in the process that serves it."""
    from chassis.http import create_app

    logs.configure(pretty=False)
    return create_app(started(_find((name,))[name]))


def edge_application() -> Any:
    """The edge's WSGI application, made in the process that serves it. Raises ``BadConfiguration``."""
    from gateway import distributed
    from gateway.config import EdgeSettings

    logs.configure(pretty=False)
    return distributed.create(from_environment(EdgeSettings, "gateway", os.environ), _find(SERVICES))


def _worker(services: Mapping[str, Service], _address: str, _port: int) -> None:
    loops: list[run.Loop] = []
    for service in services.values():
        running = started(service)
        loops += [run.worker(running), *_consumer(running)]
    _lead(loops)


def _relay(services: Mapping[str, Service], _address: str, _port: int) -> None:
    """With a broker a relay needs its own database alone; without one it writes into every inbox, and is told every database."""
    own = {name: started(service) for name, service in services.items()}
    if all(running.settings.broker_url for running in own.values()):
        _lead([run.relay(running, _carrier(running)) for running in own.values()])
        return
    others = {name: started(service) for name, service in _find(SERVICES).items() if name not in own}
    mailroom = Mailroom((own | others).values())
    _lead([run.relay(running, mailroom) for running in own.values()])


def _carrier(running: Running) -> Carrier:
    from chassis.broker.carrier import BrokerCarrier

    return BrokerCarrier(running.settings.broker_url, _topology())


def _consumer(running: Running) -> list[run.Loop]:
    if not running.settings.broker_url:
        return []
    from chassis.broker.consumer import Consumer

    return [Consumer(running, running.settings.broker_url, _topology())]


def _topology() -> Topology:
    """What stands on the broker comes from what all services listen to, whichever of them run here."""
    from chassis.broker.topology import Topology

    return Topology.of(_find(SERVICES).values())


def _migrate(services: Mapping[str, Service], _address: str, _port: int) -> None:
    for service in services.values():
        owner_url = from_environment(service.settings, service.name, os.environ).owner_url
        migrate.upgrade(service, owner_url)
        migrate.refresh(service, owner_url)
        click.echo(f"{service.name} : à jour")


def _lead(roles: Sequence[run.Loop]) -> None:
    """Run until SIGTERM or Ctrl-C, then end after the batch in hand."""
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    for role in roles:
        role.start()
    heart = Heartbeat(roles)
    while not asked.wait(heartbeat.EVERY_S):
        heart.beat()
    run.stop(roles, GRACE_S)


_PLAY: Mapping[str, Callable[[Mapping[str, Service], str, int], None]] = {
    "web": _web,
    "edge": _edge,
    "worker": _worker,
    "relay": _relay,
    "migrate": _migrate,
}
