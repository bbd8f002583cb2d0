"""Who sends files, and the acts they repeat."""

import io
from typing import Any
from uuid import uuid4

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from chassis.actor import Actor
from chassis.testing import Bench
from tests.documents import papers

SIREN = "123456782"


def _account(kind: str, **options: Any) -> Actor:
    account = uuid4()
    reference = options.pop("reference", f"account:{account}")
    return Actor(kind=kind, brand="hcr", account_id=account, reference=reference, **options)


DOMINIQUE = _account("applicant", space="assure", reference=f"affiliation:{uuid4()}")
CHARLIE = _account("applicant", space="assure", reference=f"affiliation:{uuid4()}")
ANDREA = _account("member", space="assure", reference=f"person:{uuid4()}")
LUCIE = _account("employer", space="entreprise", grants={SIREN: "administrator"})
MARC = _account("employer", space="entreprise", grants={"404404404": "administrator"})
NADIA = _account("caseworker", space="conseil", grants={"platform": "handle"})
YVES = _account("caseworker", space="conseil", grants={"platform": "read"})


def send(
    bench: Bench, who: Actor = DOMINIQUE, content: bytes | None = None, *, name: str = "rib.pdf", kind: str = "rib", **more: str
) -> TestResponse:
    """Somebody sends a file (a good PDF by default); returns the answer."""
    body = papers.pdf() if content is None else content
    parts = {"kind": kind, "file": FileStorage(io.BytesIO(body), name), **more}
    boundary, encoded = encode_multipart(parts)  # in memory: the test client leaves its temporary files open
    return bench.as_(who).post("/files", data=encoded, content_type=f"multipart/form-data; boundary={boundary}")


def sent(bench: Bench, who: Actor = DOMINIQUE, content: bytes | None = None, **options: Any) -> str:
    """The id of a file that somebody sent and that the scan released."""
    answer = send(bench, who, content, **options)
    assert answer.status_code == 201, answer.json
    bench.work()
    return str(answer.json["id"])


def read(bench: Bench, document_id: str, who: Actor = DOMINIQUE) -> TestResponse:
    return bench.as_(who).get(f"/files/{document_id}/content")
