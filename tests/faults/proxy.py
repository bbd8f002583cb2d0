"""A cable between a client and a server that can be slow, silent or cut: TCP on the loopback, bytes untouched."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65536
TICK_S = 0.02


@dataclass
class Proxy:
    """Connect to ``port`` to reach ``target``.

    ``delay`` holds back what the server says, in seconds; ``silent`` lets nothing through either way while both ends stay open
    (half-open); :meth:`cut` resets every connection. What was held back passes once the cable is well again.
    """

    target: tuple[str, int]
    delay: float = 0.0
    silent: bool = False
    port: int = 0
    _listener: socket.socket = field(default_factory=socket.socket)
    _ends: list[socket.socket] = field(default_factory=list)
    _closed: threading.Event = field(default_factory=threading.Event)

    def open(self) -> None:
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.port = self._listener.getsockname()[1]
        _aside(self._accept)

    def cut(self) -> None:
        """End every connection at once, without a goodbye."""
        ends, self._ends = self._ends, []
        for end in ends:
            _reset(end)

    def heal(self) -> None:
        self.delay, self.silent = 0.0, False

    def close(self) -> None:
        self._closed.set()
        _reset(self._listener)
        self.cut()

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self.target, timeout=5)
            except OSError:
                _reset(client)
                continue
            server.settimeout(None)
            self._ends += [client, server]
            _aside(self._copy, client, server, False)
            _aside(self._copy, server, client, True)

    def _copy(self, source: socket.socket, sink: socket.socket, from_server: bool) -> None:
        try:
            while content := source.recv(CHUNK):
                self._hold(from_server)
                sink.sendall(content)
        except OSError:
            pass
        _reset(source)
        _reset(sink)

    def _hold(self, from_server: bool) -> None:
        since = time.monotonic()
        while self.silent or (from_server and time.monotonic() < since + self.delay):
            if self._closed.wait(TICK_S):
                raise OSError


@contextmanager
def proxied(host: str, port: int) -> Iterator[Proxy]:
    proxy = Proxy((host, port))
    proxy.open()
    try:
        yield proxy
    finally:
        proxy.close()


def _aside(act: object, *arguments: object) -> None:
    threading.Thread(target=act, args=arguments, daemon=True).start()  # type: ignore[arg-type]


def _reset(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
