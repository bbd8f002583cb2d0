"""What stands behind the platform, and must be there before it: PostgreSQL, RabbitMQ, an S3 bucket, each as ``choice`` says."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from affilia.local import LocalPostgres
from tests.documents.buckets import ACCESS_KEY, BUCKET, SECRET_KEY, PrivateServer, given_settings
from tests.rabbitmq import Broker, private_node
from tests.stack import containers
from tests.stack.choice import BROKER, DATABASE, STORE, rung

SUFFIX = "_stack"
"""Of databases and roles, apart from those of the other tests on a server that is given."""


@contextmanager
def database_server(folder: Path) -> Iterator[LocalPostgres]:
    """A PostgreSQL server."""
    match rung(DATABASE):
        case "donné":
            with LocalPostgres(server_url=os.environ[DATABASE], suffix=SUFFIX) as server:
                yield server
        case "en conteneur":
            with containers.postgres() as url, LocalPostgres(server_url=url) as server:
                yield server
        case "privé":
            with LocalPostgres(folder / "postgres", durable=False) as server:
                yield server


@contextmanager
def message_broker() -> Iterator[Broker]:
    """A RabbitMQ whose queues are the stack's alone. A container and a private node may be killed."""
    match rung(BROKER):
        case "donné":
            yield Broker(os.environ[BROKER])
        case "en conteneur":
            with containers.rabbitmq() as container:
                yield container
        case "privé":
            with private_node() as node:
                if node is None:
                    pytest.skip("ni TEST_AMQP_URL, ni Docker, ni RabbitMQ installé")
                yield node


@contextmanager
def bucket(folder: Path) -> Iterator[Mapping[str, str]]:
    """An S3 bucket, as the settings of documents that lead to it."""
    match rung(STORE):
        case "donné":
            yield given_settings()
        case "en conteneur":
            with containers.minio(BUCKET, ACCESS_KEY, SECRET_KEY) as endpoint:
                yield _settings(endpoint)
        case "privé":
            server = PrivateServer(folder / "s3")
            server.start()
            try:
                yield _settings(f"http://127.0.0.1:{server.port}")
            finally:
                server.kill()


def _settings(endpoint: str) -> dict[str, str]:
    return {"s3_endpoint": endpoint, "s3_bucket": BUCKET, "s3_access_key": ACCESS_KEY, "s3_secret_key": SECRET_KEY}
