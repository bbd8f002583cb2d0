"""Development keys: generated once, for their owner's eyes, usable by every part, refused in production by name."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from affilia import keys
from affilia.installation import Installation
from chassis.config import BadConfiguration, Settings
from chassis.sealing import Sealer
from chassis.vault import Vault
from feeds.sealing import PlatformKey
from feeds.sealing import Sealer as ProducerSealer


def test_keys_are_generated_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / ".affilia" / "keys"
    first = keys.load_or_create(folder)
    assert keys.load_or_create(folder) == first
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [file.name for file in folder.iterdir()] == ["keys.json"]
    assert stat.S_IMODE((folder / "keys.json").stat().st_mode) == 0o600


def test_two_processes_that_start_together_end_with_the_same_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as starters:
        rings = list(starters.map(keys.load_or_create, [tmp_path] * 4))
    assert all(ring == rings[0] for ring in rings)


def test_every_service_has_its_own_keys() -> None:
    ring = keys.generate()
    assert set(ring.vaults) == set(ring.indexes) == set(keys.SERVICES)
    every = [*ring.indexes.values(), *ring.events.values(), ring.edge_secret, ring.feed_token]
    every += [key for vault in ring.vaults.values() for key in vault.values()]
    assert len(set(every)) == len(every) == 15


def test_the_keys_fit_the_locks() -> None:
    ring = keys.generate()
    vault = Vault()
    vault.unlock(ring.vaults["members"], ring.indexes["members"])
    assert vault.open(vault.seal("Claire")) == "Claire"
    sealer = Sealer(ring.events, ring.events_current, ring.feed_private)
    assert sealer.opening("members.joined.v1")(sealer.sealing("members.joined.v1")("Claire")) == "Claire"
    token = jwt.encode({"alg": "ES256", "kid": ring.signing_jwk["kid"]}, {"sub": "claire"}, ECKey.import_key(ring.signing_jwk))
    assert jwt.decode(token, KeySet.import_key_set({"keys": ring.jwks["keys"]})).claims == {"sub": "claire"}
    assert "d" not in ring.jwks["keys"][0]


def test_what_a_producer_wraps_with_the_public_key_the_platform_opens() -> None:
    ring = keys.generate()
    producer = ProducerSealer(PlatformKey(**ring.feed_public()))
    sealed = producer.sealing("dsn.radiation.v1")("Claire")
    platform = Sealer(ring.events, ring.events_current, ring.feed_private)
    assert platform.opening("dsn.radiation.v1", producer.content_key)(sealed) == "Claire"


def started_in_production(ring: keys.Keyring, service: str) -> Settings:
    handed = Installation(Path(), ring, {}).keys_of(service)
    return Settings(mode="production", database_url="postgresql://x", brands=Path(), keys=handed)


@pytest.mark.parametrize("service", keys.SERVICES)
def test_production_refuses_the_keys_of_a_demo_by_name(service: str) -> None:
    ring = keys.generate()
    with pytest.raises(BadConfiguration, match=f"« {next(iter(ring.vaults[service]))} » est une clé de développement"):
        started_in_production(ring, service)
    assert started_in_production(keys.generate("prod-"), service).mode == "production"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"vaults": {}}', '{"vaults": 3}'])
def test_a_damaged_file_is_named_and_no_key_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys.json").write_text(content)
    with pytest.raises(ValueError, match=r"keys\.json est illisible"):
        keys.load_or_create(tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ne peut pas être lu"):
        keys.load(tmp_path / "keys.json")
