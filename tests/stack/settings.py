"""What an operator writes down for each part: its own addresses and key files, and nothing it has no business with."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from affilia.installation import SPACE, Installation
from tests.nginx import SECRET

COMMON = {"AFFILIA_MODE": "test", "AFFILIA_TIME_TRAVEL": "true", "AFFILIA_POOL_SIZE": "3"}
KEPT = ("PATH", "LANG", "TMPDIR", "PYTHONPATH")
"""Of this process's own environment; whatever else it holds stays out."""


class Ledger:
    """The settings of every part of one platform. ``bucket`` are those of documents that lead to its S3."""

    def __init__(self, house: Installation, broker_url: str, bucket: Mapping[str, str]) -> None:
        self._house, self._keys = house, house.folder / "secrets"
        self._keys.mkdir()
        told = {"AFFILIA_BROKER_URL": broker_url, "AFFILIA_BRANDS": str(house.brands)}
        self._shared = {name: os.environ[name] for name in KEPT if name in os.environ} | COMMON | told
        self._particular = {
            "documents": bucket,
            "identity": {"oidc_secrets": json.dumps(dict(house.oidc_secrets))},
            "messaging": {"public_url": f"{SPACE}:{house.port}"},
        }

    def service(self, names: Iterable[str], *, owner: bool = False) -> dict[str, str]:
        """For a part that plays these services; ``owner`` adds what migrations need."""
        found = dict(self._shared)
        for name in names:
            found |= _prefixed(name, self._of(name))
            if owner:
                found |= _prefixed(name, {"owner_url": self._house.databases[name].owner_url})
        return found

    def edge(self, upstreams: Mapping[str, str]) -> dict[str, str]:
        """For the gateway: who answers where, its passwords, and the producers' keys."""
        ring = self._house.ring
        own = {
            "upstreams": json.dumps(dict(upstreams)),
            "edge_secret_file": self._secret("edge_secret", ring.edge_secret),
            "feed_token_file": self._secret("feed_token", ring.feed_token),
            "feed_key": json.dumps(ring.feed_public()),
            "feed_private_file": self._secret("feed_private.json", json.dumps(ring.feed_private)),
            "front_secret_file": self._secret("front_secret", SECRET),
            "show_caught": "true",
            "rung": "distributed",
        }
        return self._shared | _prefixed("gateway", own)

    def _of(self, name: str) -> dict[str, str]:
        keys = msgspec.json.encode(self._house.keys_of(name)).decode()
        own = {"database_url": self._house.databases[name].app_url, "keys_file": self._secret(f"{name}.json", keys)}
        return own | dict(self._particular.get(name, {}))

    def _secret(self, name: str, content: str) -> str:
        file: Path = self._keys / name
        file.touch(mode=0o600)
        file.write_text(content)
        return str(file)


def _prefixed(part: str, values: Mapping[str, str]) -> dict[str, str]:
    return {f"AFFILIA_{part}_{name}".upper(): value for name, value in values.items()}
