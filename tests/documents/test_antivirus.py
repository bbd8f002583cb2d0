"""The antivirus: clamd's protocol against a small daemon that speaks it, and files that wait while it is down."""

import io
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.actor import SYSTEM
from chassis.config import BadConfiguration, Keys
from chassis.testing import Bench, secret
from events.documents import Refused, Released
from services.documents import actions
from services.documents.adapters import Clamd, Outside, SansAntivirus
from services.documents.config import DocumentsSettings
from services.documents.errors import ScannerDown
from tests.documents import papers
from tests.documents.people import read, send, sent

VIRUS = b"X5O!P%@AP-not-the-real-one"
LIMIT = 200_000


class Daemon(socketserver.BaseRequestHandler):
    """clamd, in small: PING, INSTREAM, its size limit (it says so, then resets), and the ways it breaks."""

    def handle(self) -> None:
        command = self._until_zero()
        mood = self.server.mood  # type: ignore[attr-defined]
        if mood == "mute":
            return
        if mood == "absurd":
            self.request.sendall(b"stream: maybe\0")
        elif command == b"zPING":
            self.request.sendall(b"PONG\0")
        elif command == b"zINSTREAM":
            self._scan()
        else:
            self.request.sendall(b"UNKNOWN COMMAND\0")

    def _until_zero(self) -> bytes:
        said = b""
        while not said.endswith(b"\0"):
            said += self.request.recv(1)
        return said[:-1]

    def _scan(self) -> None:
        content = b""
        while length := struct.unpack("!I", self._exactly(4))[0]:
            content += self._exactly(length)
            if len(content) > LIMIT:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close with a reset
                return
        self.request.sendall(b"stream: Test.Virus-1 FOUND\0" if VIRUS in content else b"stream: OK\0")

    def _exactly(self, length: int) -> bytes:
        parts = b""
        while len(parts) < length:
            part = self.request.recv(length - len(parts))
            if not part:
                raise ConnectionError
            parts += part
        return parts


@pytest.fixture
def daemon() -> Iterator[socketserver.ThreadingTCPServer]:
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Daemon) as server:
        server.mood = "well"  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def clamd(daemon: socketserver.ThreadingTCPServer) -> Clamd:
    return Clamd(f"127.0.0.1:{daemon.server_address[1]}", timeout=2)


@pytest.fixture
def scanning(bench: Bench) -> Iterator[Callable[[object], None]]:
    """``scanning(scanner)`` changes the antivirus of the bench for one test."""
    before = bench.running.adapters

    def change(scanner: object) -> None:
        bench.running.adapters = replace(before, scanner=scanner)

    yield change
    bench.running.adapters = before


def test_clamd_answers_the_three_questions(clamd: Clamd):
    clamd.ping()
    assert clamd.scan(io.BytesIO(b"nothing wrong" * 10_000)) is None
    assert clamd.scan(io.BytesIO(b"")) is None
    assert clamd.scan(io.BytesIO(b"a" * 100_000 + VIRUS)) == "Test.Virus-1"


def test_a_stream_over_clamd_s_limit_has_no_verdict(clamd: Clamd):
    with pytest.raises(ScannerDown):
        clamd.scan(io.BytesIO(b"a" * 5_000_000))


@pytest.mark.parametrize("mood", ["mute", "absurd"])
def test_a_clamd_that_does_not_speak_clearly_gives_no_verdict(daemon: socketserver.ThreadingTCPServer, clamd: Clamd, mood: str):
    daemon.mood = mood  # type: ignore[attr-defined]
    for act in (clamd.ping, lambda: clamd.scan(io.BytesIO(b"x"))):
        with pytest.raises(ScannerDown):
            act()


def test_nobody_at_the_address_gives_no_verdict():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ScannerDown, match="ConnectionRefusedError"):
        Clamd(address).ping()


def test_without_antivirus_everything_passes_and_production_refuses_to_start():
    assert SansAntivirus().scan(io.BytesIO(VIRUS)) is None
    keys = Keys(vault={"v1": secret()}, index=secret(), events={"e1": secret()}, events_current="e1")
    settings = {"database_url": "", "brands": Path(), "keys": keys, "mode": "production"}
    with pytest.raises(BadConfiguration, match="sans-antivirus"):
        DocumentsSettings(**settings)
    assert DocumentsSettings(**settings, antivirus="clamd").clamd == "127.0.0.1:3310"


def test_a_clean_file_is_released_and_told(bench: Bench, clamd: Clamd, scanning: Callable[[object], None]):
    scanning(clamd)
    document_id = sent(bench)
    assert [str(fact.document_id) for fact in bench.told(Released)] == [document_id]
    assert read(bench, document_id).status_code == 200


def test_an_infected_file_is_refused_with_a_sentence_and_its_bytes_go(
    bench: Bench, clamd: Clamd, scanning: Callable[[object], None], store_folder: Path
):
    scanning(clamd)
    content = papers.pdf() + b"\n%" + VIRUS
    document_id = sent(bench, content=content)
    (told,) = bench.told(Refused)
    assert (str(told.document_id), told.reason) == (document_id, "L'antivirus a refusé ce fichier. Envoyez-en un autre.")
    answer = read(bench, document_id)
    assert (answer.status_code, answer.json["type"]) == (409, "/problemes/fichier-refuse")
    assert swept(bench, timedelta(hours=2)) == 1
    assert [path for path in store_folder.rglob("*") if path.is_file() and VIRUS in path.read_bytes()] == []


@pytest.mark.parametrize("trouble", ["down", "mute", "limit"])
def test_while_the_antivirus_is_silent_the_file_waits_and_says_so(
    bench: Bench, daemon: socketserver.ThreadingTCPServer, clamd: Clamd, scanning: Callable[[object], None], trouble: str
):
    scanning(Clamd("127.0.0.1:1", timeout=1) if trouble == "down" else clamd)
    daemon.mood = "mute" if trouble == "mute" else "well"  # type: ignore[attr-defined]
    content = papers.pdf() + b"\n%" + b"x" * (LIMIT if trouble == "limit" else 10)
    answer = send(bench, content=content)
    assert (answer.status_code, answer.json["state"]) == (201, "quarantine")
    document_id = answer.json["id"]
    bench.work()
    waiting = read(bench, document_id)
    assert (waiting.status_code, waiting.json["type"]) == (409, "/problemes/fichier-en-verification")
    assert bench.told(Released) == bench.told(Refused) == []
    scanning(SansAntivirus())
    assert scanned(bench, timedelta(seconds=0)) is False, "it waits before asking again"
    assert scanned(bench, timedelta(seconds=31)) is True
    assert read(bench, document_id).status_code == 200


def test_a_file_whose_bytes_were_lost_before_the_scan_is_refused(bench: Bench, store_folder: Path):
    send(bench)
    for path in store_folder.rglob("*"):
        if path.is_file():
            path.unlink()
    bench.work()
    assert [fact.reason for fact in bench.told(Refused)] == ["Ce fichier n'a pas pu être conservé. Envoyez-le à nouveau."]


def scanned(bench: Bench, later: timedelta) -> bool:
    with bench.running.working(SYSTEM, now=datetime.now(UTC) + later) as work:
        return actions.scan(work, outside(bench))


def swept(bench: Bench, later: timedelta) -> int:
    count = 0
    while True:
        with bench.running.working(SYSTEM, now=datetime.now(UTC) + later) as work:
            if not actions.sweep(work, outside(bench)):
                return count
        count += 1


def outside(bench: Bench) -> Outside:
    adapters: Outside = bench.running.adapters
    return adapters
