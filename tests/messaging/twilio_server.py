"""A small Twilio on the loopback: the Messages API as far as we use it, with the answers a test asks for."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ERRORS = {20429: (429, "Too Many Requests"), 21211: (400, "Invalid 'To' Phone Number"), 20003: (401, "Authenticate"), 20500: (500, "Oops")}
"""Twilio's code → the HTTP status it comes with and its message."""


class Twilio(ThreadingHTTPServer):
    """``sent`` lists the messages it took; ``next_errors`` are answered first; ``swallows``: seconds of silence after it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sent: list[dict[str, str]] = []
        self.next_errors: list[int] = []
        self.swallows = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take(self, form: dict[str, str]) -> dict[str, str]:
        message = {"sid": f"SM{len(self.sent):032d}", "to": form["To"], "from": form["From"], "body": form["Body"], "status": "queued"}
        self.sent.append(message)
        return message

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up waiting is part of the story."""


class _Handler(BaseHTTPRequestHandler):
    server: Twilio

    def do_POST(self) -> None:
        form = {key: values[0] for key, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        assert self.path == "/2010-04-01/Accounts/AC0123/Messages.json", self.path
        if self.server.next_errors:
            code = self.server.next_errors.pop(0)
            status, message = ERRORS[code]
            return self._answer(status, {"code": code, "message": f"{message} {form['To']}", "status": status})
        message = self.server.take(form)
        time.sleep(self.server.swallows)
        return self._answer(201, message)

    def do_GET(self) -> None:
        to = parse_qs(urlsplit(self.path).query)["To"][0]
        self._answer(200, {"messages": [message for message in self.server.sent if message["to"] == to], "page": 0, "next_page_uri": None})

    def _answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Nothing: numbers are personal, even here."""


@contextmanager
def twilio() -> Iterator[Twilio]:
    """A server for as long as the block lasts."""
    server = Twilio()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
