"""What is sealed stays sealed: columns, events in transit, logs, identities."""

import time

import pytest
import structlog
from nacl.public import PrivateKey, SealedBox

from chassis import logs
from chassis.actor import Actor
from chassis.auth import BadIdentity, Signer, Verifier
from chassis.config import Keys
from chassis.sealing import CannotOpen, Sealer, b64, unb64
from chassis.testing import invented_keys, secret
from chassis.vault import Vault

NIR = "280047599900541"


def vault(**keys: str) -> Vault:
    made = Vault()
    made.unlock(keys, secret())
    return made


def test_a_column_opens_with_older_keys_and_is_sealed_with_the_last():
    older = {"k1": secret()}
    sealed = vault(**older).seal(NIR)
    rotated = vault(**older, k2=secret())
    assert rotated.open(sealed) == NIR
    assert b"k2" in rotated.seal(NIR)
    assert NIR.encode() not in sealed


def test_an_altered_column_does_not_open():
    mine = vault(k1=secret())
    sealed = bytearray(mine.seal(NIR))
    sealed[-1] ^= 1
    with pytest.raises(ValueError, match="no key opens"):
        mine.open(bytes(sealed))


def test_the_blind_index_needs_its_key():
    assert vault(k=secret()).fingerprint(NIR) != vault(k=secret()).fingerprint(NIR)


def test_a_field_is_bound_to_the_name_of_its_event():
    sealer = Sealer({"k": secret()}, "k", {})
    sealed = sealer.sealing("a.b.v1")(NIR)
    assert sealer.opening("a.b.v1")(sealed) == NIR
    with pytest.raises(CannotOpen):
        sealer.opening("a.c.v1")(sealed)


def test_a_producers_batch_key_is_unwrapped_with_the_platforms_private_key():
    private, content_key = PrivateKey.generate(), secret()
    wrapped = "feed." + b64(SealedBox(private.public_key).encrypt(unb64(content_key)))
    producer = Sealer({"batch": content_key}, "batch", {})
    platform = Sealer({"k": secret()}, "k", {"feed": b64(bytes(private))})
    assert platform.opening("dsn.radiation.v1", wrapped)(producer.sealing("dsn.radiation.v1")(NIR)) == NIR


@pytest.mark.parametrize("sealed", ["", "k", "k.", "k.***", "other.AAAA", "batch.AAAA", "k." + b64(b"short")])
def test_what_is_not_sealed_for_us_is_refused(sealed: str):
    with pytest.raises(CannotOpen):
        Sealer({"k": secret()}, "k", {}).opening("a.b.v1", "unknown.AAAA")(sealed)


@pytest.mark.parametrize("text", ["2 80 04 75 999 005 41", NIR, "2800475999005", "FR7630006000011234567890189", "lucie@exemple.fr"])
def test_a_careless_log_line_says_nothing_personal(text: str):
    event = logs.redact(None, "info", {"event": f"got {text} here", "password": "x", "rights_id": "r-1"})
    assert text not in str(event["event"])
    assert (event["password"], event["rights_id"]) == (logs.REDACTED, "r-1")


@pytest.fixture(scope="module")
def keys() -> Keys:
    return invented_keys()


def signer(keys: Keys) -> Signer:
    assert keys.signing
    return Signer(keys.signing)


def test_an_identity_says_who_acts(keys: Keys):
    lucie = Actor(kind="employer", brand="hcr", grants={"123456782": "administrator"}, strong=True)
    assert Verifier(keys.jwks, "members").actor(signer(keys).sign(lucie, "members")) == lucie


def test_an_identity_is_for_one_service_and_one_minute(keys: Keys):
    lucie = Actor(kind="employer")
    for token in (signer(keys).sign(lucie, "documents"), signer(keys).sign(lucie, "members", now=time.time() - 120)):
        with pytest.raises(BadIdentity):
            Verifier(keys.jwks, "members").actor(token)


def test_an_identity_signed_by_another_key_is_refused(keys: Keys):
    with pytest.raises(BadIdentity):
        Verifier(keys.jwks, "members").actor(signer(invented_keys()).sign(Actor(kind="member"), "members"))


def test_an_exception_is_logged_by_its_place_and_never_by_its_words(capsys: pytest.CaptureFixture[str]):
    logs.configure(pretty=False)
    try:
        claire = "Claire MARTIN"
        raise LookupError(f"DETAIL: Key (name)=({claire}) already exists")
    except LookupError:
        logs.log("members").exception("http.failed", error="LookupError")
    finally:
        structlog.reset_defaults()
    said = capsys.readouterr().out
    assert "test_secrets.py" in said
    assert "LookupError" in said
    assert "MARTIN" not in said
