"""Documents under test: the bench, on a store of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chassis.testing import Bench
from services.documents.adapters.s3 import S3Bucket
from services.documents.app import SERVICE
from tests.documents import buckets
from tests.documents.buckets import PrivateServer


@pytest.fixture(scope="session")
def store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="session")
def bench(make_bench: Callable[..., Bench], store_folder: Path) -> Bench:
    return make_bench(SERVICE, store=store_folder)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateServer]:
    """A private S3 server that every test finds running."""
    server = PrivateServer(tmp_path_factory.mktemp("s3"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def s3_store(request: pytest.FixtureRequest) -> S3Bucket:
    """The bucket of ``TEST_S3_URL``, else of the private server."""
    return buckets.given() or buckets.bucket(request.getfixturevalue("s3_server").port, s3_timeout=10.0)


@pytest.fixture(autouse=True)
def empty(bench: Bench) -> Iterator[None]:
    yield
    bench.empty()
