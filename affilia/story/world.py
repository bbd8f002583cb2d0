"""The platform as its visitors meet it: HTTP calls from a space of a brand, on a civil date, and the box where mails and SMS are caught."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import pyotp
import urllib3

T = TypeVar("T")
PATIENCE_S = 60.0


class Unexpected(AssertionError):
    """The platform answered something else than the story says."""


@dataclass(frozen=True)
class Credentials:
    """How somebody signs in; ``totp`` is the secret of a caseworker's second factor."""

    email: str
    password: str
    totp: str = ""


@dataclass
class World:
    """Where the story is played: the address of the platform, the brand, and the civil date that it lives on. ``home`` is the address that
    its visitors call from, the machine's own choice when empty."""

    base: str
    brand: str = "hcr"
    on: date | None = None
    home: str = ""
    pool: urllib3.PoolManager = field(init=False)

    def __post_init__(self) -> None:
        source = (self.home, 0) if self.home else None
        self.pool = urllib3.PoolManager(maxsize=4, timeout=urllib3.Timeout(20), source_address=source)

    def visitor(self, space: str) -> "Visitor":
        """Somebody new in front of a space: ``assure``, ``entreprise`` or ``conseil``."""
        return Visitor(self, space)

    def host(self, space: str) -> str:
        port = urllib3.util.parse_url(self.base).port
        return f"{space}.{self.brand}.localhost" + (f":{port}" if port else "")

    def caught(self, to: str, channel: str, *, after: str = "") -> dict[str, Any]:
        """The newest mail, SMS or letter caught for an address, waited for: ``{id, channel, to, subject, text, code, link, pdf, at}``."""

        def newest() -> dict[str, Any] | None:
            found = self.messages()
            mine = [m for m in found if m["channel"] == channel and to in m["to"] and m["at"] > after]
            return max(mine, key=lambda m: str(m["at"]), default=None)

        return eventually(newest, f"a {channel} for {to}")

    def messages(self) -> list[dict[str, Any]]:
        """Everything caught, as ``/_inbox`` shows it."""
        answer = self.pool.request("GET", f"{self.base}/_inbox/messages.json")
        return list(answer.json()["items"])

    def last_message(self) -> str:
        """The instant of the newest caught message: what comes later is newer."""
        return max((str(m["at"]) for m in self.messages()), default="")

    def file(self, path: str) -> bytes:
        """A file of the box, such as a letter's PDF."""
        return bytes(self.pool.request("GET", f"{self.base}{path}").data)


class Visitor:
    """Somebody with a browser or a phone. ``device`` is what a trusted browser remembers, ``token`` the open session."""

    def __init__(self, world: World, space: str) -> None:
        self.world, self.space = world, space
        self.token: str | None = None
        self.device: str | None = None

    def get(self, path: str, expect: int = 200) -> Any:
        return self.call("GET", path, expect)

    def post(self, path: str, body: Any = None, expect: int = 201, **headers: str) -> Any:
        return self.call("POST", path, expect, json={} if body is None else body, headers=headers)

    def put(self, path: str, body: Any, expect: int = 200) -> Any:
        return self.call("PUT", path, expect, json=body)

    def upload(self, kind: str, name: str, content: bytes, expect: int = 201) -> Any:
        return self.call("POST", "/api/documents/files", expect, fields={"kind": kind, "file": (name, content)})

    def download(self, path: str, expect: int = 200) -> bytes:
        return bytes(self._request("GET", path, expect).data)

    def call(self, method: str, path: str, expect: int, **options: Any) -> Any:
        """One call; returns the JSON said. Raises :class:`Unexpected` with the problem when the status differs."""
        answer = self._request(method, path, expect, **options)
        return answer.json() if answer.data else None

    def _request(self, method: str, path: str, expect: int | tuple[int, ...], **options: Any) -> Any:
        headers = {"Host": self.world.host(self.space), **options.pop("headers", {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.world.on:
            headers["Affilia-Date"] = self.world.on.isoformat()
        answer = self.world.pool.request(method, self.world.base + path, headers=headers, retries=False, **options)
        if answer.status not in (expect if isinstance(expect, tuple) else (expect,)):
            raise Unexpected(f"{method} {path}: {answer.status} instead of {expect}: {answer.data[:500].decode(errors='replace')}")
        return answer

    def sign_in(self, who: Credentials, phone: str = "") -> dict[str, Any]:
        """E-mail, password, then the second factor that the platform asks for; returns the challenge (empty when none was needed)."""
        body = {"email": who.email, "password": who.password} | ({"device": self.device} if self.device else {})
        answer = self._request("POST", "/api/identity/sessions", (201, 202) if self.device else 202, json=body).json()
        challenge = answer if "challenge_id" in answer else {}
        if challenge:
            answer = self._second_factor(challenge["challenge_id"], who, phone)
        self.token, self.device = answer["token"], answer.get("device", self.device)
        return challenge

    def _second_factor(self, challenge: str, who: Credentials, phone: str) -> dict[str, Any]:
        if who.totp:
            return self._totp(challenge, pyotp.TOTP(who.totp))
        seen = self.world.last_message()
        self.post(f"/api/identity/challenges/{challenge}/code", {"channel": "sms"}, expect=202)
        code = self.world.caught(phone, "sms", after=seen)["code"]
        return dict(self.post(f"/api/identity/challenges/{challenge}/proof", {"code": code, "trust_device": True}))

    def _totp(self, challenge: str, totp: pyotp.TOTP) -> dict[str, Any]:
        """Each code serves once: when the current one has, the next is waited for."""
        path = f"/api/identity/challenges/{challenge}/proof"
        try:
            return dict(self.post(path, {"code": totp.now(), "trust_device": True}))
        except Unexpected:
            time.sleep(totp.interval - time.time() % totp.interval)
            return dict(self.post(path, {"code": totp.now(), "trust_device": True}))


def token_of(message: dict[str, Any]) -> str:
    """The personal token at the end of the link in a message."""
    return str(message["link"]).rsplit("/", 1)[-1]


def eventually(look: Callable[[], T | None], what: str, patience: float = PATIENCE_S) -> T:
    """What ``look`` finds once the events have travelled. Raises :class:`Unexpected` when they have not within ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise Unexpected(f"still waiting for {what} after {patience:.0f} s")
