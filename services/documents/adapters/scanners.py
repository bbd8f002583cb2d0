"""What looks for viruses: clamd over its socket, and the honest absence of it."""

import re
import socket
import struct
from typing import BinaryIO

from services.documents.errors import ScannerDown

CHUNK = 65_536
REPLY_MAX = 4_096
TIMEOUT_S = 10.0
FOUND = re.compile(r"stream: (?P<name>.+) FOUND")


class SansAntivirus:
    """No antivirus at all: every file passes. For the demo and the tests; production refuses it at start."""

    def scan(self, stream: BinaryIO) -> str | None:
        return None

    def ping(self) -> None:
        return


class Clamd:
    """ClamAV's daemon, spoken to as its manual says (clamd(8), INSTREAM). ``address`` is ``host:port``."""

    def __init__(self, address: str, timeout: float = TIMEOUT_S) -> None:
        host, _, port = address.rpartition(":")
        self._address = (host, int(port))
        self._timeout = timeout

    def scan(self, stream: BinaryIO) -> str | None:
        reply = self._ask(b"zINSTREAM\0", stream)
        if reply == "stream: OK":
            return None
        found = FOUND.fullmatch(reply)
        if found is None:
            raise ScannerDown(reply[:100] or "no verdict")
        return found["name"]

    def ping(self) -> None:
        if self._ask(b"zPING\0") != "PONG":
            raise ScannerDown("no PONG")

    def _ask(self, command: bytes, stream: BinaryIO | None = None) -> str:
        try:
            with socket.create_connection(self._address, self._timeout) as connection:
                connection.sendall(command)
                if stream is not None:
                    _send(connection, stream)
                return _reply(connection)
        except OSError as error:
            raise ScannerDown(type(error).__name__) from error


def _send(connection: socket.socket, stream: BinaryIO) -> None:
    """The stream in chunks, each behind its length in four bytes, then a chunk of none.

    Over its own size limit clamd says so and hangs up while we still send: what it said is read all the same.
    """
    try:
        while chunk := stream.read(CHUNK):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _reply(connection: socket.socket) -> str:
    """What clamd says, up to its closing zero; what came before a reset counts."""
    said = b""
    while b"\0" not in said and len(said) < REPLY_MAX:
        try:
            part = connection.recv(REPLY_MAX)
        except ConnectionResetError:
            break
        if not part:
            break
        said += part
    return said.split(b"\0")[0].decode("utf-8", "replace").strip()
