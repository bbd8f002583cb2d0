"""S2:30: what was said to a deleted account goes on the day that its receipt told, and not a day before."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from chassis.actor import SYSTEM
from events import Sealed
from events.identity import AccountDeleted
from services.messaging import rules, tasks
from tests.messaging.conftest import DOMINIQUE, NADIA, activated, company, dominique, employer, member, nadia_reads
from tests.messaging.test_threads import QUESTION

REFERENCE, ACCOUNT = f"person:{DOMINIQUE}", uuid.UUID("01900000-0000-7000-8000-0000000000a2")


@pytest.fixture(autouse=True)
def written(bench):
    """Dominique and Nadia each wrote to us, and were written to."""
    bench.tell(*company(), dominique(), activated(), nadia_reads(), activated(ACCOUNT, "member", REFERENCE, "Dominique"))
    assert bench.as_(member()).post("/threads", json=QUESTION | {"motif": "remboursement"}).status_code == 201
    assert bench.as_(employer()).post("/threads", json=QUESTION).status_code == 201


def deleted(kind, reference, account):
    return AccountDeleted(account_id=account, kind=kind, reference=reference, email=Sealed("adresse@exemple.fr"))


def forget(bench, on) -> int:
    """The worker, on a day."""
    with bench.running.working(SYSTEM, now=on) as work:
        return tasks.forget(work, None)


def counted(bench, recipient) -> tuple[int, int, int]:
    """Conversations, their messages, and notices of somebody."""
    with bench.running.working(SYSTEM) as work:
        queries = (
            "SELECT count(*) FROM thread WHERE owner = :who",
            "SELECT count(*) FROM message JOIN thread ON thread.id = thread_id WHERE owner = :who",
            "SELECT count(*) FROM notice WHERE recipient = :who",
        )
        return tuple(work.session.scalar(text(query), {"who": recipient}) for query in queries)


@pytest.mark.parametrize(
    ("kind", "reference", "account"), [("member", REFERENCE, ACCOUNT), ("employer", f"account:{NADIA}", NADIA)], ids=["Dominique", "Nadia"]
)
def test_conversations_go_on_the_day_and_those_of_others_stay(bench, kind, reference, account):
    other = f"account:{NADIA}" if kind == "member" else REFERENCE
    bench.tell(deleted(kind, reference, account))
    kept, others = counted(bench, reference), counted(bench, other)
    assert kept[:2] == (1, 1)
    now = datetime.now(UTC)
    day = datetime.combine(rules.kept_until(now.date()), now.timetz()) - timedelta(days=2)
    assert (forget(bench, day), counted(bench, reference)) == (0, kept)
    day += timedelta(days=3)
    while forget(bench, day):
        pass
    assert counted(bench, reference)[:2] == (0, 0)
    assert counted(bench, other) == others
    with bench.running.working(SYSTEM) as work:
        blank = "SELECT count(*) FROM notice WHERE recipient = 'erased' AND content IS NULL AND \"to\" IS NULL AND about = 'erased'"
        assert work.session.scalar(text(blank)) >= kept[2] > 0
    assert "conversations.forgotten" in bench.audited()


def test_who_opens_an_account_again_finds_what_was_said(bench):
    bench.tell(deleted("member", REFERENCE, ACCOUNT))
    bench.tell(activated(uuid.uuid4(), "member", REFERENCE, "Dominique"))
    late = datetime.now(UTC) + timedelta(days=366 * 6)
    while forget(bench, late):
        pass
    assert counted(bench, REFERENCE)[:2] == (1, 1)
