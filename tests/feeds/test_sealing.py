"""Sealed fields: one key per batch that only the platform opens, each field bound to its event's name."""

import pytest
from nacl.bindings import crypto_aead_aes256gcm_decrypt
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from feeds.sealing import PlatformKey, Sealer, WrongKey, b64, unb64

SECRET = PrivateKey.generate()
PLATFORM = PlatformKey(id="k1", public_key=b64(bytes(SECRET.public_key)))


def opened(sealer: Sealer, sealed: str, name: str) -> str:
    key = SealedBox(SECRET).decrypt(unb64(sealer.content_key.removeprefix("k1.")))
    data = unb64(sealed.removeprefix("batch."))
    return crypto_aead_aes256gcm_decrypt(data[12:], name.encode(), data[:12], key).decode()


def test_the_platform_opens_what_a_producer_sealed() -> None:
    sealer = Sealer(PLATFORM)
    assert opened(sealer, sealer.sealing("dsn.radiation.v1")("L'EXEMPLE Renée-Zoé"), "dsn.radiation.v1") == "L'EXEMPLE Renée-Zoé"


def test_a_field_moved_to_another_event_does_not_open() -> None:
    sealer = Sealer(PLATFORM)
    sealed = sealer.sealing("dsn.radiation.v1")("2800475999005")
    with pytest.raises(CryptoError):
        opened(sealer, sealed, "dsn.affiliation_seen.v1")


def test_the_same_name_sealed_twice_looks_different_and_each_batch_has_its_key() -> None:
    seal = Sealer(PLATFORM).sealing("dsn.radiation.v1")
    assert seal("DÉMO") != seal("DÉMO")
    assert Sealer(PLATFORM).content_key != Sealer(PLATFORM).content_key


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"id": "k1", "public_key": "court"}',
        b'{"id": "k1", "public_key": "!!!"}',
        b'{"id": "", "public_key": "%s"}' % PLATFORM.public_key.encode(),
        b'{"id": "a.b", "public_key": "%s"}' % PLATFORM.public_key.encode(),
        b'{"id": "k1", "public_key": "\xc3\xa9"}',
    ],
    ids=["nothing", "no field", "no text", "too short", "no base64", "no id", "an id with a dot", "an accent"],
)
def test_what_is_not_a_platform_key_is_refused(text: bytes) -> None:
    with pytest.raises(WrongKey):
        PlatformKey.read(text)


def test_a_platform_key_is_read_from_its_json() -> None:
    assert PlatformKey.read(b'{"id": "k1", "public_key": "%s"}' % PLATFORM.public_key.encode()) == PLATFORM
