"""What any store must do. Each adapter joins ``STORES`` and passes the same tests."""

import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from services.documents.adapters.stores import LocalFolder
from services.documents.config import ObjectStore
from services.documents.errors import ObjectMissing, StoreDown
from services.documents.rules import new_key

STORES: dict[str, Callable[[pytest.FixtureRequest], ObjectStore]] = {
    "local folder": lambda request: LocalFolder(request.getfixturevalue("tmp_path") / "store"),
    "S3": lambda request: request.getfixturevalue("s3_store"),
}


@pytest.fixture(params=STORES.values(), ids=STORES.keys())
def store(request: pytest.FixtureRequest) -> ObjectStore:
    made: ObjectStore = request.param(request)
    return made


@pytest.fixture
def key() -> str:
    return new_key(date(2026, 3, 1))


def content(store: ObjectStore, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_001])
def test_what_was_put_is_what_is_opened(store: ObjectStore, key: str, size: int):
    body = os.urandom(size)
    store.put(key, io.BytesIO(body))
    assert content(store, key) == body


def test_putting_again_replaces(store: ObjectStore, key: str):
    store.put(key, io.BytesIO(b"first and longer"))
    store.put(key, io.BytesIO(b"second"))
    assert content(store, key) == b"second"


def test_a_missing_object_says_so(store: ObjectStore, key: str):
    with pytest.raises(ObjectMissing):
        store.open(key)


def test_deleting_forgets_and_may_be_repeated(store: ObjectStore, key: str):
    store.put(key, io.BytesIO(b"x"))
    store.delete(key)
    store.delete(key)
    with pytest.raises(ObjectMissing):
        store.open(key)


def test_two_keys_are_two_objects(store: ObjectStore, key: str):
    other = new_key(date(2026, 3, 1))
    store.put(key, io.BytesIO(b"one"))
    store.put(other, io.BytesIO(b"two"))
    store.delete(other)
    assert content(store, key) == b"one"


def test_an_object_is_read_in_parts_or_left_unread(store: ObjectStore, key: str):
    body = os.urandom(300_000)
    store.put(key, io.BytesIO(body))
    with store.open(key) as stream:
        assert (stream.read(10), stream.read(200_000), stream.read(), stream.read()) == (body[:10], body[10:200_010], body[200_010:], b"")
    for _ in range(20):
        store.open(key).close()
    assert content(store, key) == body


class Once(io.RawIOBase):
    """A stream that can neither go back nor say its length, as one that comes from a socket."""

    def __init__(self, body: bytes) -> None:
        self._left = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def test_a_stream_of_unknown_length_is_kept_whole(store: ObjectStore, key: str):
    body = os.urandom(200_000)
    store.put(key, io.BufferedReader(Once(body)))
    assert content(store, key) == body


def test_a_stream_is_kept_from_where_it_stands(store: ObjectStore, key: str):
    stream = io.BytesIO(b"read already, the rest")
    stream.read(14)
    store.put(key, stream)
    assert content(store, key) == b"the rest"


class Torn(io.BytesIO):
    """A stream that breaks after its first part."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("the sender hung up")
        return super().read(3)


def test_an_upload_that_breaks_leaves_no_object(store: ObjectStore, key: str):
    broken: BinaryIO = Torn(b"a long content")
    with pytest.raises(StoreDown):
        store.put(key, broken)
    with pytest.raises(ObjectMissing):
        store.open(key)
    store.delete(key)


def test_an_upload_that_breaks_leaves_what_was_there(store: ObjectStore, key: str):
    store.put(key, io.BytesIO(b"whole"))
    with pytest.raises(StoreDown):
        store.put(key, Torn(b"a long content"))
    assert content(store, key) == b"whole"


@pytest.mark.parametrize("lie", ["../../etc/passwd", "/etc/passwd", "2026/../x", "", "2026/", "2026/a\0b", "2026/" + "a" * 36, "20266/x"])
def test_no_key_leads_out_of_the_store(store: ObjectStore, lie: str):
    for act in (lambda: store.put(lie, io.BytesIO(b"x")), lambda: store.open(lie), lambda: store.delete(lie)):
        with pytest.raises(ValueError, match="no key"):
            act()


def test_ping_answers(store: ObjectStore):
    store.ping()


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path, key: str):
    (tmp_path / "file").write_bytes(b"")
    store = LocalFolder(tmp_path / "file" / "store")
    for act in (store.ping, lambda: store.put(key, io.BytesIO(b"x"))):
        with pytest.raises(StoreDown):
            act()


def test_objects_are_for_their_owner_alone_on_the_disk(tmp_path: Path, key: str):
    LocalFolder(tmp_path / "store").put(key, io.BytesIO(b"x"))
    path = tmp_path / "store" / key
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
