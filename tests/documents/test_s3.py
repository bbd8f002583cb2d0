"""Dominique sends her papers while the S3 store dies, hangs, forgets her or comes back: all of a file or nothing, and quarantine holds."""

import io
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.config import BadConfiguration, from_environment
from chassis.health import examine
from chassis.testing import Bench
from events.documents import Received, Refused, Released
from services.documents.adapters import LocalFolder, S3Bucket, make_adapters, make_store
from services.documents.adapters.breaker import FAILURES, REST_S, Breaker
from services.documents.config import DocumentsSettings, ObjectStore
from services.documents.errors import BucketMissing, ObjectMissing, StoreDown, StoreRefuses
from services.documents.rules import new_key
from tests.documents import buckets, papers
from tests.documents.buckets import CONTINUE, Line, PrivateServer
from tests.documents.people import read, send
from tests.documents.test_antivirus import scanned, swept

LARGE = papers.pdf() + b"\n%" + b"Dominique " * 100_000
TRY_AGAIN = (503, "/problemes/service-indisponible")
WAITING = (409, "/problemes/fichier-en-verification")

Using = Callable[[ObjectStore], None]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PrivateServer]:
    """A server that this test may kill."""
    server = PrivateServer(tmp_path / "s3")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def line(server: PrivateServer) -> Iterator[Line]:
    line = Line(to=server.port)
    yield line
    line.close()


@pytest.fixture
def using(bench: Bench) -> Iterator[Using]:
    """``using(store)`` changes the store of the bench for one test."""
    before = bench.running.adapters

    def change(store: ObjectStore) -> None:
        bench.running.adapters = replace(before, store=store)

    yield change
    bench.running.adapters = before


def said(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["type"]


def waiting(bench: Bench) -> str:
    """The id of a file that Dominique sent, in quarantine."""
    answer = send(bench, content=LARGE)
    assert (answer.status_code, answer.json["state"]) == (201, "quarantine")
    return str(answer.json["id"])


def released(bench: Bench) -> str:
    document_id = waiting(bench)
    bench.work()
    return document_id


def nothing_recorded(bench: Bench) -> bool:
    return bench.told(Received) == [] and bench.audited() == []


def still_waits_then_is_released(bench: Bench, document_id: str) -> bool:
    """Whether the file has kept its place in quarantine, and leaves it whole half a minute later."""
    assert said(read(bench, document_id)) == WAITING
    assert bench.told(Released) == bench.told(Refused) == []
    return scanned(bench, timedelta(seconds=31)) and read(bench, document_id).data == LARGE


# -- a server that dies -----------------------------------------------------------------------------------------------------------------


def test_a_server_killed_while_it_receives_leaves_nothing(bench: Bench, using: Using, server: PrivateServer, line: Line):
    using(buckets.bucket(line.port))
    line.strike("asked", after=400_000, act=server.kill)
    assert said(send(bench, content=LARGE)) == TRY_AGAIN
    assert nothing_recorded(bench)
    server.start()
    assert swept(bench, timedelta(hours=2)) == 1, "the object was announced"
    assert LARGE not in server.objects().values()
    assert read(bench, released(bench)).data == LARGE


def test_a_server_killed_while_it_receives_keeps_what_it_had(server: PrivateServer, line: Line):
    store, key = buckets.bucket(line.port), new_key(date(2026, 3, 1))
    store.put(key, io.BytesIO(b"whole"))
    line.strike("asked", after=400_000, act=server.kill)
    with pytest.raises(StoreDown):
        store.put(key, io.BytesIO(LARGE))
    server.start()
    with store.open(key) as stream:
        assert stream.read() == b"whole"


def test_a_server_killed_once_it_has_kept_the_file_leaves_one_that_is_swept(bench: Bench, using: Using, server: PrivateServer, line: Line):
    using(buckets.bucket(line.port))
    line.strike("answered", after=CONTINUE + 1, act=server.kill)
    assert said(send(bench, content=LARGE)) == TRY_AGAIN
    assert nothing_recorded(bench)
    server.start()
    assert list(server.objects().values()) == [LARGE]
    assert swept(bench, timedelta(minutes=59)) == 0
    assert swept(bench, timedelta(minutes=61)) == 1
    assert server.objects() == {}


def test_an_answer_lost_on_the_way_is_asked_for_again(bench: Bench, using: Using, server: PrivateServer, line: Line):
    using(buckets.bucket(line.port))
    line.strike("answered", after=CONTINUE + 1)
    assert read(bench, released(bench)).data == LARGE
    assert line.struck == 1
    assert len(server.objects()) == len(bench.told(Received)) == 1


def test_a_server_killed_while_it_gives_never_gives_half_a_file(bench: Bench, using: Using, server: PrivateServer, line: Line):
    using(buckets.bucket(line.port))
    document_id = released(bench)
    line.strike("answered", after=400_000, act=server.kill)
    assert said(read(bench, document_id)) == TRY_AGAIN
    assert said(read(bench, document_id)) == TRY_AGAIN, "it is away"
    server.start()
    assert read(bench, document_id).data == LARGE
    assert "document.damaged" not in bench.audited()


def test_a_server_killed_during_the_scan_leaves_the_file_in_quarantine(bench: Bench, using: Using, server: PrivateServer, line: Line):
    using(buckets.bucket(line.port))
    document_id = waiting(bench)
    line.strike("answered", after=400_000, act=server.kill)
    bench.work()
    server.start()
    assert still_waits_then_is_released(bench, document_id)


def test_a_restart_in_between_is_not_even_felt(bench: Bench, using: Using, server: PrivateServer):
    using(buckets.bucket(server.port))
    document_id = waiting(bench)
    for act in (lambda: bench.work(), lambda: read(bench, document_id), lambda: waiting(bench)):
        server.kill()
        server.start()
        act()
    assert read(bench, document_id).data == LARGE


# -- a server that hangs ----------------------------------------------------------------------------------------------------------------


def test_a_silent_server_is_not_waited_for_without_end(bench: Bench, using: Using, server: PrivateServer):
    using(buckets.bucket(server.port))
    document_id = released(bench)
    with frozen(server):
        started = time.monotonic()
        assert said(read(bench, document_id)) == TRY_AGAIN
        assert said(send(bench, content=LARGE)) == TRY_AGAIN
        assert time.monotonic() - started < 15
        assert swept(bench, timedelta(hours=2)) == 0
    assert len(bench.told(Received)) == 1
    assert read(bench, document_id).data == LARGE
    assert swept(bench, timedelta(hours=2)) == 1


def test_a_slow_server_is_waited_for(bench: Bench, using: Using, server: PrivateServer):
    using(buckets.bucket(server.port, s3_timeout=10.0))
    server.freeze()
    thaw = threading.Timer(1.5, server.thaw)
    thaw.start()
    document_id = released(bench)
    thaw.join()
    assert read(bench, document_id).data == LARGE


def test_after_three_silences_people_are_told_at_once_and_served_when_it_is_back(
    bench: Bench, using: Using, server: PrivateServer, line: Line
):
    now = [0.0]
    using(Breaker(buckets.bucket(line.port, s3_timeout=0.3), clock=lambda: now[0]))
    document_id = released(bench)
    with frozen(server):
        for _person in range(FAILURES):
            assert said(read(bench, document_id)) == TRY_AGAIN
        asked = line.calls
        assert said(read(bench, document_id)) == said(send(bench, content=LARGE)) == TRY_AGAIN
        assert line.calls == asked, "the server is left alone"
        now[0] += REST_S
        assert said(read(bench, document_id)) == TRY_AGAIN
        assert line.calls > asked, "one call tries again"
    assert said(read(bench, document_id)) == TRY_AGAIN, "it rests again"
    now[0] += REST_S
    assert read(bench, document_id).data == LARGE
    assert read(bench, document_id).data == LARGE


def test_an_object_that_is_missing_is_an_answer_and_readiness_ends_the_rest(server: PrivateServer):
    store = Breaker(buckets.bucket(server.port, s3_timeout=0.3), clock=lambda: 0.0)
    for _time in range(2 * FAILURES):
        with pytest.raises(ObjectMissing):
            store.open(new_key(date(2026, 3, 1)))
    with frozen(server):
        for _time in range(FAILURES):
            with pytest.raises(StoreDown):
                store.delete(new_key(date(2026, 3, 1)))
    store.ping()
    store.delete(new_key(date(2026, 3, 1)))


# -- a server that refuses --------------------------------------------------------------------------------------------------------------

TROUBLES: dict[str, tuple[dict[str, Any], type[StoreDown]]] = {
    "wrong secret": ({"s3_secret_key": "not-the-secret"}, StoreRefuses),
    "unknown key": ({"s3_access_key": "nobody"}, StoreRefuses),
    "missing bucket": ({"s3_bucket": "no-such-bucket"}, BucketMissing),
    "nobody listens": ({"s3_endpoint": "http://127.0.0.1:1"}, StoreDown),
}


@pytest.mark.parametrize(("trouble", "kind"), TROUBLES.values(), ids=TROUBLES.keys())
def test_a_store_that_refuses_us_refuses_nobody_s_file(
    bench: Bench, using: Using, server: PrivateServer, trouble: dict[str, Any], kind: type[StoreDown]
):
    well, ill = buckets.bucket(server.port), buckets.bucket(server.port, **trouble)
    using(well)
    kept, held = released(bench), waiting(bench)
    using(ill)
    bench.work()
    assert said(read(bench, held)) == WAITING
    assert said(read(bench, kept)) == said(send(bench, content=LARGE)) == TRY_AGAIN
    assert swept(bench, timedelta(hours=2)) == 0
    assert examine(bench.running)["status"] == "degraded"
    assert f"store: {kind.__name__}" in examine(bench.running)["reasons"]
    using(well)
    assert (len(bench.told(Received)), len(bench.told(Released)), len(bench.told(Refused))) == (2, 1, 0)
    assert scanned(bench, timedelta(seconds=31))
    assert read(bench, kept).data == read(bench, held).data == LARGE


@pytest.mark.parametrize(("trouble", "kind"), TROUBLES.values(), ids=TROUBLES.keys())
def test_every_call_on_a_store_that_refuses_us_says_down_and_never_missing(
    server: PrivateServer, trouble: dict[str, Any], kind: type[StoreDown]
):
    store, key = buckets.bucket(server.port, **trouble), new_key(date(2026, 3, 1))
    for act in (store.ping, lambda: store.put(key, io.BytesIO(b"x")), lambda: store.open(key), lambda: store.delete(key)):
        with pytest.raises(StoreDown) as refusal:
            act()
        assert type(refusal.value) is kind
        assert "not-the-secret" not in str(refusal.value)


def test_an_object_that_was_removed_behind_our_back_is_missing_and_not_down(server: PrivateServer):
    store = buckets.bucket(server.port)
    store.ping()
    with pytest.raises(ObjectMissing):
        store.open(new_key(date(2026, 3, 1)))


# -- which store ------------------------------------------------------------------------------------------------------------------------


def test_settings_choose_the_store():
    assert isinstance(make_store(buckets.settings()), S3Bucket)
    assert isinstance(make_store(buckets.settings(s3_bucket="")), LocalFolder)
    assert isinstance(make_adapters(buckets.settings()).store, Breaker)


def test_credentials_are_read_from_files(tmp_path: Path):
    (tmp_path / "access").write_text("dominique\n")
    (tmp_path / "secret").write_text("from-a-file\n")
    environ = {
        "AFFILIA_MODE": "test",
        "AFFILIA_DATABASE_URL": "",
        "AFFILIA_BRANDS": str(tmp_path),
        "AFFILIA_KEYS": '{"vault": {}, "index": "", "events": {}, "events_current": ""}',
        "AFFILIA_S3_BUCKET": "pieces",
        "AFFILIA_S3_ENDPOINT": "http://minio:9000",
        "AFFILIA_DOCUMENTS_S3_TIMEOUT": "3",
        "AFFILIA_S3_ACCESS_KEY_FILE": str(tmp_path / "access"),
        "AFFILIA_S3_SECRET_KEY_FILE": str(tmp_path / "secret"),
    }
    told = from_environment(DocumentsSettings, "documents", environ)
    assert (told.s3_access_key, told.s3_secret_key, told.s3_timeout) == ("dominique", "from-a-file", 3.0)


WRONG = {
    "s3_access_key": "",
    "s3_secret_key": "",
    "s3_region": "",
    "s3_bucket": "Pièces",
    "s3_endpoint": "http://dominique:secret@minio:9000/bucket",
}


@pytest.mark.parametrize(("name", "value"), WRONG.items(), ids=WRONG.keys())
def test_settings_that_cannot_work_stop_the_process_and_name_the_culprit(name: str, value: str):
    with pytest.raises(BadConfiguration, match=f"« {name} »"):
        buckets.settings(**{name: value})


@pytest.mark.parametrize("endpoint", ["http://minio:9000", "https://s3.eu-west-3.amazonaws.com", "http://[::1]:9000/", ""])
def test_any_server_may_be_named(endpoint: str):
    buckets.settings(s3_endpoint=endpoint)


def test_boto3_is_left_alone_without_a_bucket():
    program = "import sys, services.documents.app; sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@contextmanager
def frozen(server: PrivateServer) -> Iterator[None]:
    server.freeze()
    try:
        yield
    finally:
        server.thaw()
