"""Objects in a bucket of any S3: put, get, delete and head, nothing that only some servers know.

What S3 could keep besides bytes (a type, a hash, an owner) lies in the database of documents: servers disagree on it. The bytes are
checked by us, against the hash of what was received, each time they are read.
"""

import io
import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from services.documents.config import FILE_MAX, DocumentsSettings
from services.documents.errors import BucketMissing, ObjectMissing, StoreDown, StoreRefuses
from services.documents.rules import checked_key

CONNECT_S = 2.0
PING_S = 2.0
ATTEMPTS = 2  # a connection kept from before the server restarted may be dead: ask once more, and no longer hold the person up
NO_SUCH_KEY = "NoSuchKey"
REFUSALS: Mapping[str, type[StoreDown]] = {
    **dict.fromkeys(("404", "NoSuchBucket"), BucketMissing),
    **dict.fromkeys(("403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"), StoreRefuses),
}
"""What an operator has to repair, by S3's code; a HEAD has no body, hence no other code than its status."""
OURS_ALREADY = ("BucketAlreadyOwnedByYou", "BucketAlreadyExists")
"""What servers say of a bucket that is there: they disagree on which of the two."""


class S3Bucket:
    """One bucket, which exists. Credentials that may not list it see a missing object as forbidden, hence as ``StoreDown``."""

    def __init__(self, settings: DocumentsSettings) -> None:
        self._bucket = settings.s3_bucket
        session = _session(settings)
        self._client = _client(session, settings, settings.s3_timeout, ATTEMPTS)
        self._brisk = _client(session, settings, min(settings.s3_timeout, PING_S), attempts=1)

    def put(self, key: str, stream: BinaryIO) -> None:
        """Read the stream whole, then send it with its length: S3 keeps what has arrived whole, else what it had before."""
        place = self._place(key)
        with _store_errors(), tempfile.SpooledTemporaryFile(FILE_MAX) as body:  # in memory: people's files stay off our disk
            shutil.copyfileobj(stream, body)
            body.seek(0)
            self._client.put_object(**place, Body=body)

    def open(self, key: str) -> BinaryIO:
        place = self._place(key)
        with _store_errors(missing=ObjectMissing):
            return io.BufferedReader(_Arriving(self._client.get_object(**place)["Body"]))

    def delete(self, key: str) -> None:
        place = self._place(key)
        with suppress(ObjectMissing), _store_errors(missing=ObjectMissing):
            self._client.delete_object(**place)

    def ping(self) -> None:
        with _store_errors():
            self._brisk.head_bucket(Bucket=self._bucket)

    def create(self) -> None:
        """Make the bucket unless it is there. Raises ``StoreDown``, also when somebody else has a bucket of that name."""
        try:
            with _store_errors():
                self._client.create_bucket(Bucket=self._bucket)
        except StoreDown as error:
            if str(error) not in OURS_ALREADY:
                raise
        self.ping()

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": checked_key(key)}


class _Arriving(io.RawIOBase):
    """An object while it arrives: what breaks on the way is ``StoreDown``, never a short file."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _store_errors():
            part = self._body.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._body.close()
        super().close()


def _session(settings: DocumentsSettings) -> Any:
    """boto3, which is only loaded now: it is large, and the local folder does without it."""
    from boto3.session import Session

    logging.getLogger("botocore").setLevel(logging.WARNING)  # its debug lines quote headers and bodies
    return Session(settings.s3_access_key, settings.s3_secret_key, region_name=settings.s3_region)


def _client(session: Any, settings: DocumentsSettings, timeout: float, attempts: int) -> Any:
    """A client that S3 servers agree with: path style, SigV4 over the body too, no checksum of a newer kind."""
    from botocore.config import Config

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path", "payload_signing_enabled": True},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=min(timeout, CONNECT_S),
        read_timeout=timeout,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=settings.pool_size,
    )
    return session.client("s3", endpoint_url=settings.s3_endpoint or None, config=config)


@contextmanager
def _store_errors(missing: type[Exception] = StoreDown) -> Iterator[None]:
    """What S3 says, in the port's words. ``missing`` is for what S3 itself calls no such key: no such bucket, or a proxy's 404, is not."""
    from botocore.exceptions import BotoCoreError, ClientError
    from urllib3.exceptions import HTTPError

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        raise (missing if code == NO_SUCH_KEY else REFUSALS.get(code, StoreDown))(code) from error
    except (BotoCoreError, HTTPError, OSError) as error:
        raise StoreDown(type(error).__name__) from error
