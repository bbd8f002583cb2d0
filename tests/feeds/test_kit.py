"""Envelopes: ids that never change, nothing personal outside the sealed fields, and a body that the platform decodes."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from nacl.public import PrivateKey

from events import CATALOGUE, decode
from feeds import kit
from feeds.sealing import PlatformKey, b64
from tests.feeds.files import DOMINIQUE_LEAVES, DOMINIQUE_LEAVES_EARLIER, LOT, MONTHLY, outcomes, taken

KEY = PlatformKey(id="k1", public_key=b64(bytes(PrivateKey.generate().public_key)))
NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)


def items(content: bytes) -> list[kit.Item]:
    outcome = taken(content)
    return list(kit.items(outcome.declaration, outcome.facts))


def test_the_same_file_has_the_same_ids_forever() -> None:
    assert items(DOMINIQUE_LEAVES)[0].id == UUID("fa026739-1627-5f57-8c2a-56749c67c0fc")
    assert [item.id for item in items(MONTHLY)] == [item.id for item in items(MONTHLY)]


def test_a_declaration_has_the_same_ids_alone_or_in_its_lot() -> None:
    whole = outcomes(LOT)[0]
    assert [item.id for item in kit.items(whole.declaration, whole.facts)] == [item.id for item in items(DOMINIQUE_LEAVES)]  # type: ignore[union-attr]


def test_facts_and_declarations_never_share_an_id() -> None:
    every = [item.id for content in (MONTHLY, DOMINIQUE_LEAVES, DOMINIQUE_LEAVES_EARLIER) for item in items(content)]
    assert len(set(every)) == len(every) == 16


def test_an_envelope_says_what_who_and_when() -> None:
    event = kit.sealed(items(DOMINIQUE_LEAVES), KEY, NOON)[0]
    assert (event.specversion, event.type, event.source) == ("1.0", "dsn.radiation.v1", "affilia:feeds/dsn")
    assert (event.subject, event.time) == ("employment:12345678200010/00004", "2026-07-06T12:00:00+00:00")
    assert event.contentkey.startswith("k1.")


def test_nobody_is_named_outside_the_sealed_fields() -> None:
    body = msgspec.json.encode(kit.sealed(items(MONTHLY), KEY, NOON)).decode()
    for personal in ("1900175999001", "2850275999002", "21234567820005", "DÉMO", "L'EXEMPLE", "FICTIF", "Renée", "1990-01-15", "15011990"):
        assert personal not in body


def test_every_body_is_a_fact_of_the_catalogue() -> None:
    for item, event in zip(items(MONTHLY), kit.sealed(items(MONTHLY), KEY, NOON), strict=True):
        assert type(decode(CATALOGUE[event.type], bytes(event.data), lambda sealed: sealed)) is type(item.fact)


def test_batches_keep_the_order_and_share_one_key_each() -> None:
    every = items(MONTHLY)
    cut = list(kit.batches(every, size=5))
    assert [len(batch) for batch in cut] == [5, 5, 2]
    assert [item for batch in cut for item in batch] == every
    assert len({event.contentkey for event in kit.sealed(cut[0], KEY, NOON)}) == 1
