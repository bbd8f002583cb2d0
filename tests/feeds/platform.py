"""A tiny platform on the loopback: the outside world of the producer's command, with its key, its door and its moods."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from nacl.bindings import crypto_aead_aes256gcm_decrypt
from nacl.public import PrivateKey, SealedBox

from feeds.sealing import b64, unb64

TOKEN = "jeton-de-test"


@dataclass
class Platform:
    """What the platform holds. ``moods`` are the answers of the next posts, ``(status, problem)``; afterwards it takes everything."""

    secret: PrivateKey = field(default_factory=PrivateKey.generate)
    url: str = ""
    moods: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    posts: list[list[dict[str, Any]]] = field(default_factory=list)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    sirens: list[str] | None = None
    """The companies that the producer declares for, all of them when ``None``."""
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    """What became of facts, by id."""

    @property
    def key(self) -> dict[str, str]:
        return {"id": "k1", "public_key": b64(bytes(self.secret.public_key))}

    def opened(self, event: dict[str, Any], field_: str) -> str:
        """A sealed field of an event, opened with the platform's secret key."""
        key_id, _, box = event["contentkey"].partition(".")
        assert key_id == "k1"
        content_key = SealedBox(self.secret).decrypt(unb64(box))
        batch, _, text = field_.partition(".")
        data = unb64(text)
        assert batch == "batch"
        return crypto_aead_aes256gcm_decrypt(data[12:], event["type"].encode(), data[:12], content_key).decode()

    def take(self, events: list[dict[str, Any]]) -> dict[str, int]:
        known = sum(event["id"] in self.events for event in events)
        self.events |= {event["id"]: event for event in events}
        self.posts.append(events)
        return {"accepted": len(events), "repeated": known}


@contextmanager
def running(platform: Platform) -> Iterator[Platform]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            platform.visits.append(self.path)
            if self.path == "/_feed/producer" and self.headers["Authorization"] != f"Bearer {TOKEN}":
                self._answer(401, {"title": "Jeton inconnu"})
                return
            found = {"/_feed/key": platform.key, "/_feed/producer": {"name": "Paie d'essai", "sirens": platform.sirens}}.get(self.path)
            self._answer(200 if found else 404, found or {"title": "Introuvable"})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            platform.headers.append(dict(self.headers))
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self._answer(401, {"title": "Jeton inconnu"})
            elif platform.moods:
                self._answer(*platform.moods.pop(0))
            elif self.path == "/_feed/receipts":
                asked = json.loads(body)["ids"]
                self._answer(200, {"items": [{"id": one} | platform.outcomes[one] for one in asked if one in platform.outcomes]})
            else:
                self._answer(202, platform.take(json.loads(body)))

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", platform.url + "/ailleurs")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    platform.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
