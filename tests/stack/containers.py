"""The servers in containers: the images that operators run, by their pinned tags."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer

from tests import images
from tests.rabbitmq import Broker, free_port

ROLE = "tests"
AMQP_PORT = 5672
S3_PORT = 9000
START_S = 120.0


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a superuser on a server of its own."""
    with PostgresContainer(images.POSTGRES, username=ROLE, password=ROLE, dbname="postgres", driver=None) as container:
        yield container.get_connection_url()


class RabbitContainer(Broker):
    """A broker in a container, on a port that stays its own when it is killed and started again."""

    def __init__(self, container: DockerContainer, port: int) -> None:
        super().__init__(f"amqp://{ROLE}:{ROLE}@{container.get_container_host_ip()}:{port}/%2F")
        self._container = container.get_wrapped_container()

    def start(self) -> "RabbitContainer":
        self._container.start()
        return self.wait()

    def wait(self) -> "RabbitContainer":
        """Until it answers."""
        deadline = time.monotonic() + START_S
        while not self.answers():
            if time.monotonic() > deadline:
                raise TimeoutError("RabbitMQ does not answer in its container")
            time.sleep(0.2)
        return self

    def kill(self) -> None:
        self._container.kill()
        self._container.wait()

    def freeze(self) -> None:
        self._container.pause()

    def thaw(self) -> None:
        self._container.unpause()


@contextmanager
def rabbitmq() -> Iterator[RabbitContainer]:
    """A broker of its own; its node keeps the name of its host, so that a restart finds its queues again."""
    port = free_port()
    container = DockerContainer(images.RABBITMQ, hostname="broker").with_bind_ports(AMQP_PORT, port)
    container.with_envs(RABBITMQ_DEFAULT_USER=ROLE, RABBITMQ_DEFAULT_PASS=ROLE)
    with container:
        yield RabbitContainer(container, port).wait()


@contextmanager
def minio(bucket: str, access_key: str, secret_key: str) -> Iterator[str]:
    """The endpoint of an S3 server that has one empty bucket."""
    container = DockerContainer(images.MINIO).with_exposed_ports(S3_PORT).with_command(f"server /data --address :{S3_PORT}")
    container.with_envs(MINIO_ROOT_USER=access_key, MINIO_ROOT_PASSWORD=secret_key)
    with container:
        endpoint = f"http://{container.get_container_host_ip()}:{container.get_exposed_port(S3_PORT)}"
        _make_bucket(endpoint, bucket, access_key, secret_key)
        yield endpoint


def _make_bucket(endpoint: str, bucket: str, access_key: str, secret_key: str) -> None:
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=access_key, aws_secret_access_key=secret_key
    )
    deadline = time.monotonic() + START_S
    while True:
        try:
            client.create_bucket(Bucket=bucket)
            return
        except (BotoCoreError, ClientError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
