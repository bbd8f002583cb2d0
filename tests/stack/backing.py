"""What stands behind the platform, and must be there before it: PostgreSQL, RabbitMQ, an S3 bucket.

Each is the one whose address is given, else a container where Docker answers, else a private program of this machine.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from affilia.local import LocalPostgres
from tests.documents.buckets import ACCESS_KEY, BUCKET, SECRET_KEY, PrivateServer, given
from tests.rabbitmq import Broker, private_node
from tests.stack import containers

SUFFIX = "_stack"
"""Of databases and roles, apart from those of the other tests on a server that is shared."""


@contextmanager
def database_server(folder: Path) -> Iterator[LocalPostgres]:
    """A PostgreSQL server: ``TEST_DATABASE_URL``, a container, or the pip package's own."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        with LocalPostgres(server_url=url, suffix=SUFFIX) as server:
            yield server
    elif containers.available():
        with containers.postgres() as url, LocalPostgres(server_url=url) as server:
            yield server
    else:
        with LocalPostgres(folder / "postgres", durable=False) as server:
            yield server


@contextmanager
def message_broker() -> Iterator[Broker]:
    """A RabbitMQ whose every queue is the stack's: ``TEST_AMQP_URL``, a container, or a private node. The last two may be killed."""
    if url := os.environ.get("TEST_AMQP_URL"):
        yield Broker(url)
    elif containers.available():
        with containers.rabbitmq() as container:
            yield container
    else:
        with private_node() as node:
            if node is None:
                pytest.skip("ni TEST_AMQP_URL, ni Docker, ni RabbitMQ installé")
            yield node


@contextmanager
def bucket(folder: Path) -> Iterator[Mapping[str, str]]:
    """An S3 bucket, as the settings of documents that lead to it: ``TEST_S3_URL``, a container, or rclone."""
    if store := given():
        settings = store.settings
        yield _settings(settings.s3_endpoint, settings.s3_bucket, settings.s3_access_key, settings.s3_secret_key)
    elif containers.available():
        with containers.minio(BUCKET, ACCESS_KEY, SECRET_KEY) as endpoint:
            yield _settings(endpoint, BUCKET, ACCESS_KEY, SECRET_KEY)
    else:
        server = PrivateServer(folder / "s3")
        server.start()
        try:
            yield _settings(f"http://127.0.0.1:{server.port}", BUCKET, ACCESS_KEY, SECRET_KEY)
        finally:
            server.kill()


def _settings(endpoint: str, name: str, access_key: str, secret_key: str) -> dict[str, str]:
    return {"s3_endpoint": endpoint, "s3_bucket": name, "s3_access_key": access_key, "s3_secret_key": secret_key}
