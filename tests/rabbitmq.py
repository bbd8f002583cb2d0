"""A RabbitMQ of the tests' own, that may be killed: its name, ports and folder are private, and it knows no plugin."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pika

SCRIPTS = "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server"
"""The versioned script: Debian's wrapper in front of it switches user."""
START_S = 40
SHARED = "amqp://guest:guest@127.0.0.1:5672/%2F"


class Broker:
    """A broker by its address, shared with others unless it is a :class:`Node`."""

    def __init__(self, url: str) -> None:
        self.url = url

    @contextmanager
    def channel(self) -> Iterator[pika.adapters.blocking_connection.BlockingChannel]:
        """A bare channel, as an operator or a stranger would open one."""
        connection = pika.BlockingConnection(pika.URLParameters(self.url))
        try:
            yield connection.channel()
        finally:
            if connection.is_open:
                connection.close()

    def answers(self) -> bool:
        """Whether it returns a greeting; the test then says what is wrong with the rest."""
        place = urlsplit(self.url)
        try:
            with socket.create_connection((place.hostname or "", place.port or 5672), timeout=2) as door:
                door.sendall(b"AMQP\0\0\x09\x01")
                return bool(door.recv(1))
        except OSError:
            return False


class Node(Broker):
    """A private node."""

    def __init__(self, script: Path, folder: Path) -> None:
        self._script, self._folder = script, folder
        self.port = free_port()
        super().__init__(f"amqp://guest:guest@127.0.0.1:{self.port}/%2F")
        self._environ = self._describe()
        self._names = subprocess.Popen(["epmd"], env=self._environ)  # else the node would leave one behind
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Node":
        """Start, and wait until it answers."""
        log = (self._folder / "node.log").open("ab")
        self._process = subprocess.Popen([self._script], env=self._environ, stdout=log, stderr=log, start_new_session=True)
        log.close()
        deadline = time.monotonic() + START_S
        while not self.answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise TimeoutError((self._folder / "node.log").read_text(errors="replace")[-2000:])
            time.sleep(0.1)
        return self

    def kill(self) -> None:
        """SIGKILL: it writes nothing more."""
        self._signal(signal.SIGKILL)
        assert self._process
        self._process.wait()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def end(self) -> None:
        """Kill it for good, with its name server."""
        self.kill()
        self._names.kill()
        self._names.wait()

    def _signal(self, number: int) -> None:
        assert self._process
        os.killpg(self._process.pid, number)

    def _describe(self) -> dict[str, str]:
        plugins = self._folder / "enabled_plugins"
        plugins.write_text("[].")
        places = {
            name: str(self._folder / name.lower())
            for name in ("LOG_BASE", "MNESIA_BASE", "CONFIG_FILE", "SCHEMA_DIR", "GENERATED_CONFIG_DIR")
        }
        own = {f"RABBITMQ_{name}": place for name, place in places.items()} | {
            "RABBITMQ_NODENAME": f"tests-{secrets.token_hex(4)}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "ERL_EPMD_PORT": str(free_port()),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "HOME": str(self._folder),
        }
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | own


@contextmanager
def private_node() -> Iterator[Node | None]:
    """A node of one's own, where RabbitMQ is installed."""
    script = next(iter(sorted(Path("/").glob(SCRIPTS[1:]), reverse=True)), None)
    if script is None or not shutil.which("epmd"):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="affilia-rabbitmq-", ignore_cleanup_errors=True) as folder:
        node = Node(script, Path(folder)).start()
        try:
            yield node
        finally:
            node.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
