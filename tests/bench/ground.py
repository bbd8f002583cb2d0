"""Where the benchmarks of events run: a durable PostgreSQL and a RabbitMQ node of their own, the same for both sides of a comparison."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from affilia.local import LocalPostgres
from tests.rabbitmq import Node, private_node

PATIENCE_S = 600


@contextmanager
def ground() -> Iterator[tuple[LocalPostgres, Node]]:
    """A durable server and a node, for as long as the block lasts."""
    with (
        tempfile.TemporaryDirectory(prefix="affilia-bench-", ignore_cleanup_errors=True) as folder,
        LocalPostgres(Path(folder) / "postgres") as postgres,
        private_node() as node,
    ):
        if node is None:
            raise click.ClickException("RabbitMQ n'est pas installé ici : cette mesure en demande un à elle.")
        yield postgres, node


def timed(act: Callable[[], None]) -> float:
    """Seconds an act takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def until(happened: Callable[[], bool]) -> None:
    """Ask a hundred times a second. Raises ``TimeoutError``."""
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.01)
