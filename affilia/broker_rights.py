"""Who may say what on the broker: one RabbitMQ user a part, each bound to the facts that are its own to tell.

A part that is mistaken cannot speak for another, and a producer publishes the facts of feeds and does nothing else. Every service
declares the whole topology when it connects: one that was broken into, and not merely mistaken, could still bind a way of its own to
another's queue.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple

from affilia.keys import SERVICES
from chassis.broker.topology import PREFIX

VHOST = "/"
EXCHANGE = f"{PREFIX}.events"
OURS, NOTHING, ANYTHING = rf"^{PREFIX}\.", "^$", ".*"


class Rights(NamedTuple):
    """Regular expressions: what a user may declare, write to and read from, and the names of the facts it may tell."""

    configure: str
    write: str
    read: str
    tells: str
    tags: tuple[str, ...] = ()


RIGHTS: Mapping[str, Rights] = {
    **{service: Rights(OURS, OURS, OURS, rf"^{service}\.") for service in SERVICES},  # each redeclares the topology when it connects
    "gateway": Rights(OURS, OURS, OURS, r"^(dsn|noemie)\."),
    "producer": Rights(NOTHING, rf"^{PREFIX}\.events$", NOTHING, r"^(dsn|noemie)\."),
    "operator": Rights(ANYTHING, ANYTHING, ANYTHING, NOTHING, ("administrator",)),
}


def definitions(passwords: Mapping[str, str]) -> dict[str, Any]:
    """What RabbitMQ loads at start (``load_definitions``): users, whose passwords are only kept as hashes, and their rights."""
    return {
        "vhosts": [{"name": VHOST}],
        "users": [_user(name, passwords[name], rights) for name, rights in RIGHTS.items()],
        "permissions": [
            {"user": name, "vhost": VHOST, "configure": rights.configure, "write": rights.write, "read": rights.read}
            for name, rights in RIGHTS.items()
        ],
        "topic_permissions": [
            {"user": name, "vhost": VHOST, "exchange": EXCHANGE, "write": rights.tells, "read": ANYTHING} for name, rights in RIGHTS.items()
        ],
    }


def _user(name: str, password: str, rights: Rights) -> dict[str, Any]:
    hashing = "rabbit_password_hashing_sha256"
    return {"name": name, "password_hash": _hashed(password), "hashing_algorithm": hashing, "tags": ",".join(rights.tags)}


def _hashed(password: str) -> str:
    """RabbitMQ's own form (its guide "Credentials and Passwords"): base64 of a salt of four bytes and SHA-256(salt, password)."""
    salt = secrets.token_bytes(4)
    return b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
