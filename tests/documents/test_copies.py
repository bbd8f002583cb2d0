"""The copy of somebody's data (RGPD art. 15 and 20): six parts in any order, one archive, for its owner alone, for a week."""

import io
import json
import uuid
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import text

from chassis.actor import SYSTEM
from chassis.copies import section, written
from chassis.testing import Bench
from events.affiliation import AffiliationPart
from events.copies import CopyPart
from events.documents import DocumentsPart, Released
from events.employers import EmployersPart
from events.fact import Sealed
from events.identity import AccountDeleted, CopyAsked, IdentityPart
from events.members import MembersPart
from events.messaging import MessagingPart
from services.documents import tasks
from tests.documents.people import ANDREA, LUCIE, NADIA, read, send, sent

OTHERS: tuple[type[CopyPart], ...] = (IdentityPart, MembersPart, EmployersPart, AffiliationPart, MessagingPart)
RIGHTS = section("rights", "Vos droits", {"starts_on": "Début", "open": "Ouverts", "note": "Note"}, [
    {"starts_on": "2026-02-01", "open": True, "note": "<b>Zoé & Cie</b>"},
])  # fmt: skip


def asked(copy_id: uuid.UUID) -> CopyAsked:
    assert ANDREA.account_id
    return CopyAsked(copy_id=copy_id, account_id=ANDREA.account_id, kind="member", reference=ANDREA.reference)


def part(kind: type[CopyPart], copy_id: uuid.UUID) -> CopyPart:
    return kind(copy_id=copy_id, content=Sealed(written([RIGHTS] if kind is MembersPart else [])))


def gathered(bench: Bench, copy_id: uuid.UUID) -> None:
    """Andrea's copy, all its parts told; what documents tells itself is carried as the mailroom would."""
    bench.tell(asked(copy_id), *(part(kind, copy_id) for kind in OTHERS))
    bench.tell(*(told for told in bench.told(DocumentsPart) if told.copy_id == copy_id))


def opened(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        assert box.testzip() is None
        return {name: box.read(name).decode() for name in box.namelist()}


def kept(bench: Bench) -> tuple[int, int]:
    """How many copies are kept, and how many parts."""
    with bench.running.working(SYSTEM) as work:
        count = "SELECT count(*) FROM {}"
        return work.session.scalar(text(count.format("copy"))), work.session.scalar(text(count.format("part")))


def test_andrea_downloads_what_six_services_hold_of_her(bench: Bench):
    rib = sent(bench, ANDREA)
    copy_id = uuid.uuid4()
    gathered(bench, copy_id)
    answer = read(bench, str(copy_id), ANDREA)
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    assert "copie-de-mes-donnees.zip" in answer.headers["Content-Disposition"]
    files = opened(answer.data)
    services = ("identity", "members", "employers", "affiliation", "documents", "messaging")
    assert set(files) == {"index.html", *(f"{name}.{kind}" for name in services for kind in ("json", "html"))}
    assert json.loads(files["members.json"])["rights"][0]["note"] == "<b>Zoé & Cie</b>"
    assert "&lt;b&gt;Zoé &amp; Cie" in files["members.html"]
    assert ("01/02/2026" in files["members.html"], "Oui" in files["members.html"]) == (True, True)
    assert json.loads(files["documents.json"])["files"][0]["name"] == "rib.pdf"
    assert all("<script" not in content and "http" not in content for content in files.values())
    assert bench.told(Released)[-1].document_id == copy_id
    assert rib != str(copy_id)


@pytest.mark.parametrize("order", [0, 100, 359, 500, 719])
def test_parts_come_in_any_order_and_twice(bench: Bench, order: int):
    copy_id = uuid.uuid4()
    facts = [asked(copy_id), *(part(kind, copy_id) for kind in OTHERS)]
    for place in list(permutations(range(6)))[order]:
        bench.tell(facts[place], facts[place])
    assert read(bench, str(copy_id), ANDREA).status_code == 404, "documents' own part is missing"
    bench.tell(*bench.told(DocumentsPart))
    assert read(bench, str(copy_id), ANDREA).status_code == 200
    assert bench.parked() == []


def test_nothing_of_the_parts_is_kept_beside_the_archive(bench: Bench):
    gathered(bench, uuid.uuid4())
    with bench.running.working(SYSTEM) as work:
        assert work.session.scalar(text("SELECT count(*) FROM part")) == 0


def test_a_copy_is_its_owners_alone_even_for_caseworkers(bench: Bench):
    copy_id = uuid.uuid4()
    gathered(bench, copy_id)
    for who in (LUCIE, NADIA):
        foreign, missing = read(bench, str(copy_id), who), read(bench, str(uuid.uuid4()), who)
        assert foreign.status_code == 404
        assert foreign.data == missing.data
        assert str(copy_id) not in bench.as_(who).get("/files").text


def test_a_copy_is_erased_after_a_week(bench: Bench):
    copy_id = uuid.uuid4()
    gathered(bench, copy_id)
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("UPDATE document SET expires_at = expires_at - interval '7 days 1 second'"))
    with bench.running.working(SYSTEM) as work:
        bench.running.service.tasks[2].run(work, bench.running.adapters)
    assert read(bench, str(copy_id), ANDREA).status_code == 409
    (line,) = bench.as_(ANDREA).get("/files").json["items"]
    assert "effacé" in line["reason"]


def test_a_deleted_account_leaves_no_copy(bench: Bench):
    """S2:30."""
    copy_id, rib = uuid.uuid4(), sent(bench, ANDREA)
    gathered(bench, copy_id)
    assert ANDREA.account_id
    bench.tell(AccountDeleted(account_id=ANDREA.account_id, kind="member", reference=ANDREA.reference, email=Sealed("andrea@exemple.fr")))
    assert read(bench, str(copy_id), ANDREA).status_code == 409
    assert read(bench, rib, ANDREA).status_code == 200, "a piece of the affiliation stays with the rights it proves"


def test_a_deleted_account_leaves_nothing_of_a_copy_that_was_being_gathered(bench: Bench):
    """S2:30."""
    copy_id = uuid.uuid4()
    bench.tell(asked(copy_id), part(MembersPart, copy_id), part(EmployersPart, uuid.uuid4()))
    assert ANDREA.account_id
    bench.tell(AccountDeleted(account_id=ANDREA.account_id, kind="member", reference=ANDREA.reference, email=Sealed("andrea@exemple.fr")))
    assert kept(bench) == (0, 1), "the other part is of somebody else's copy, asked for a moment later"
    with bench.running.working(SYSTEM, now=datetime.now(UTC) + timedelta(days=8)) as work:
        tasks.forget_late(work, bench.running.adapters)
    assert kept(bench) == (0, 0)


def test_nobody_sends_an_archive(bench: Bench):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as made:
        made.writestr("a.txt", "a")
    assert send(bench, ANDREA, box.getvalue(), name="a.zip").status_code in (415, 422)
    assert send(bench, ANDREA, kind="account_copy").status_code == 422
