"""Nobody of Bistro sees or touches what is Acme's: generated from the API description, so that a new operation is watched at once."""

import io
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from werkzeug.test import TestResponse

from identifiers import invented
from tests.contract.operations import Operation
from tests.contract.people import ACME, BISTRO, House
from tests.contract.world import World

TENANTS = ("applicant", "member", "employer")
OF_ONE_VISIT = {"traceresponse", "date", "content-length"}
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHARED = {
    "GET /api/identity/me": "says who asks",
    "GET /api/identity/sessions": "lists the sessions of who asks",
    "GET /api/identity/profile": "says how who asks is reached",
    "GET /api/identity/consents": "lists what who asks accepts",
    "GET /api/identity/consents/history": "lists what who asks answered",
    "GET /api/identity/account/deletion": "says what would stay, the same for all",
    "GET /api/identity/copies": "lists the copies that who asks asked for",
    "GET /api/identity/devices": "lists the browsers that who asks trusts",
    "GET /api/identity/me/oidc-links": "lists the providers that open the account of who asks",
    "GET /api/members/me/care/specialties": "what one may look for, the same for all",
    "GET /api/members/me/care/towns": "the towns of France",
    "GET /api/members/me/care/professionals": "the public register: asks for a specialty",
    "GET /api/members/me/care/agencies": "the agencies of the brand",
    "GET /api/members/me/contact": "says where who asks is reached by post",
    "GET /api/members/me/services": "the services of the brand, each open or not",
    "GET /api/members/radiation-motives": "the motives of a departure, the same for all",
    "GET /api/members/employees/views": "the views that who asks keeps: none here",
    "GET /api/members/me/portability": "what the member declared: nothing here",
    "GET /api/members/radiation-acts": "the lists of the company that wait for a second person: none here",
    "GET /api/members/me/estimates/acts": "which acts can be estimated, the same for all",
    "GET /api/members/employees/export": "counts the lines of a file, of one's own companies",
    "GET /api/documents/library": "the brand's own documents",
    "GET /api/documents/uploads": "what one may send, the same for all",
    "GET /api/messaging/digest": "says how often who asks is written to",
    "GET /api/messaging/motifs": "what one may write about, the same for all",
    "GET /api/identity/me/terms": "the conditions, the same for all",
    "GET /api/affiliation/affiliations/form.pdf": "asks for a place: the filters below",
}
"""What holds nothing that a house owns: nothing of Acme to look for."""
OF_EVERYBODY = {
    "GET /api/documents/library/{key}": "a document of the brand",
    "GET /api/documents/library/{key}/versions": "its versions",
    "GET /api/documents/library/{key}/versions/{document_id}": "one of its versions",
}
"""What a path names that belongs to no house."""


def owned(world: World, house: House, audience: str) -> dict[str, Any]:
    """What stands in the paths for the things of a house, by parameter name."""
    ids = world.ids[house]
    return {
        "siren": house.siren,
        "affiliation_id": ids["affiliation"],
        "rights_id": ids["rights"],
        "contract_id": ids["contract"],
        "view_id": ids["view"],
        "person_id": ids["person"],
        "declaration_id": ids["declaration"],
        "document_id": ids.get(f"{audience}-file", ids["employer-file"]),
        "file_id": ids.get(f"{audience}-file", ids["employer-file"]),
        "notice_id": ids.get(f"{audience}-notice", house.id("no notice")),
        "thread_id": ids.get(f"{audience}-thread", house.id("no thread")),
        "session_id": house.employer().session_id,
        "habilitation_id": ids["habilitation"],
        "change_id": house.id("a change of address"),
        "device_id": house.id("a trusted device"),
        "request_id": house.id("a declared portability"),
        "act_id": house.id("a list of radiations"),
        "statement_id": ids["statement"],
        "reimbursement_id": ids["reimbursement"],
        "link_id": house.id("a provider's link"),
    }


def guarded(operations: list[Operation], *, with_id: bool) -> Iterator[tuple[Operation, str]]:
    """The operations that a tenant may call, with each tenant that may."""
    for operation in operations:
        for audience in operation.audiences if str(operation) not in OF_EVERYBODY else ():
            if audience in TENANTS and bool(operation.names()) == with_id:
                yield operation, audience


def knock(world: World, house: House, audience: str, operation: Operation, values: dict[str, Any]) -> TestResponse:
    body = operation.plausible() if operation.body else None
    return world.visit(world.tokens(house)[audience]).open(operation.url(values), method=operation.method, json=body)


def heard(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """All that a caller can tell one answer from another by."""
    headers = sorted((name, value) for name, value in answer.headers if name.lower() not in OF_ONE_VISIT)
    return answer.status_code, headers, answer.data


def test_what_is_acmes_does_not_exist_for_bistro(world: World, operations: list[Operation]):
    told_apart = []
    for operation, audience in guarded(operations, with_id=True):
        theirs = owned(world, ACME, audience)
        nothing = {name: invented.siren("nobody") if name == "siren" else uuid4() for name in theirs}
        assert set(operation.names()) <= set(theirs), f"{operation}: say here what its path names"
        foreign, missing = (heard(knock(world, BISTRO, audience, operation, values)) for values in (theirs, nothing))
        if foreign != missing or foreign[0] != 404:
            told_apart.append((str(operation), audience, foreign, missing))
    assert told_apart == []


def test_acme_itself_is_answered(world: World, operations: list[Operation]):
    """The ids of the test above are true ones: their owner reads them."""
    reading = [(operation, audience) for operation, audience in guarded(operations, with_id=True) if operation.method == "GET"]
    answers = {
        (str(operation), audience): knock(world, ACME, audience, operation, owned(world, ACME, audience)).status_code
        for operation, audience in reading
    }
    assert answers == dict.fromkeys(answers, 200)


def test_no_list_shows_bistro_anything_of_acme(world: World, operations: list[Operation]):
    leaks, silent = [], []
    for operation, audience in guarded(operations, with_id=False):
        if operation.method != "GET" or str(operation) in SHARED:
            continue
        own, foreign = (text_of(knock(world, house, audience, operation, {})) for house in (ACME, BISTRO))
        marks = marks_of(world, ACME)
        leaks += [(str(operation), audience, mark) for mark in marks if mark in foreign]
        silent += [] if any(mark in own for mark in marks) else [(str(operation), audience, own[:200])]
    assert leaks == []
    assert silent == [], "Acme's own answer names nothing of Acme: this test would not see a leak"


def test_a_filter_on_acme_gives_bistro_nothing(world: World, operations: list[Operation]):
    leaks = []
    for operation, audience in guarded(operations, with_id=False):
        known = {parameter["name"] for parameter in operation.raw.get("parameters", []) if parameter["in"] == "query"}
        for name, value in {"siren": ACME.siren, "siret": ACME.siret}.items():
            if name in known:
                answer = world.visit(world.tokens(BISTRO)[audience]).get(f"{operation.path}?{name}={value}")
                said = text_of(answer)
                leaks += [(str(operation), name, mark) for mark in marks_of(world, ACME) if mark in said and mark != value]
                assert answer.status_code in (200, 404), (str(operation), said)
    assert leaks == []


def marks_of(world: World, house: House) -> list[str]:
    """Words that only this house's rows hold."""
    return [house.name, house.siren, house.siret, *(str(value) for value in world.ids[house].values())]


def text_of(answer: TestResponse) -> str:
    """All the words of an answer, whatever it is made of."""
    readers = {SPREADSHEET: _cells, "application/pdf": _pages}
    return readers.get(answer.mimetype, lambda content: content.decode())(answer.data).lower()


def _cells(content: bytes) -> str:
    book = load_workbook(io.BytesIO(content))
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def _pages(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("audience", ["anonymous", "employer", "applicant", "member", "caseworker"])
def test_who_is_not_named_does_not_enter(world: World, operations: list[Operation], audience: str):
    """401 for a visitor, 403 for the others, whatever the rest of the request is worth; nothing is written."""
    before = [world.written(service) for service in world.benches]
    expected = 401 if audience == "anonymous" else 403
    answers = {
        str(operation): knock(world, ACME, audience, operation, owned(world, ACME, "employer")).status_code
        for operation in operations
        if audience not in operation.audiences and "anonymous" not in operation.audiences
    }
    assert answers == dict.fromkeys(answers, expected)
    assert len(answers) > 3
    assert [world.written(service) for service in world.benches] == before


def test_a_token_that_is_nobodys_opens_nothing(world: World, operations: list[Operation]):
    visitor = world.visit("a-token-of-nobody")
    answers = {str(operation): visitor.open(operation.url({}), method=operation.method).status_code for operation in operations}
    assert answers == dict.fromkeys(answers, 401)
