"""Two workers, or a worker and a caseworker, about the same person at the same instant."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from chassis.testing import Bench
from chassis.work import Told
from events.dsn import Radiation
from services.members.actions import affiliations, payroll
from services.members.models import Rights
from tests.members.people import ANDREA, CHARLIE, DOMINIQUE, EMPLOYER, declaration, employment, ends, finalised, settle_in


def told(fact: Radiation) -> Told[Radiation]:
    return Told(fact=fact, id=uuid.uuid4(), time=datetime.now(UTC), brand="", trace="")


def test_who_waited_for_a_row_reads_what_was_told_meanwhile(bench: Bench) -> None:
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE))
    latest = told(ends(declaration(5, 5), employment(DOMINIQUE), date(2026, 6, 10)))
    earlier = told(ends(declaration(1), employment(DOMINIQUE)))

    def take_the_earlier() -> None:
        with bench.running.working() as work:
            payroll.take(work, [earlier])

    with ThreadPoolExecutor(1) as other:
        with bench.running.working() as work:
            payroll.take(work, [latest])
            waiting = other.submit(take_the_earlier)
            sleep(0.5)
            assert not waiting.done()
        waiting.result()
    (line,) = bench.as_(EMPLOYER).get("/employees?status=all").json["items"]
    assert line["ends_on"] == "2026-06-10"


def enrolled(bench: Bench, batches: list[list[Any]]) -> list[BaseException | None]:
    """Workers who each enrol a batch of forms at the same instant; what each one raised."""
    ready = Barrier(len(batches))

    def enrol(forms: list[Any]) -> BaseException | None:
        ready.wait()
        tolds = [Told(fact=form, id=uuid.uuid4(), time=datetime.now(UTC), brand="hcr", trace="") for form in forms]
        try:
            with bench.running.working() as work:
                affiliations.enrol_all(work, tolds)
        except IntegrityError as conflict:
            return conflict
        return None

    with ThreadPoolExecutor(len(batches)) as threads:
        return list(threads.map(enrol, batches))


@pytest.mark.parametrize("known", [False, True], ids=["nobody yet", "known people"])
def test_forms_of_the_same_people_at_once_open_one_right_each_and_nobody_waits_for_ever(bench: Bench, known: bool) -> None:
    """One right a person, contract, establishment and first day, says the database; who came second is tried again, and opens nothing."""
    settle_in(bench)
    people = [DOMINIQUE, CHARLIE, ANDREA]
    if known:
        bench.tell(*(finalised(who, date(2019, 1, 1)) for who in people))
    batches = [[finalised(who) for who in order] for order in (people, people[::-1], people[1:] + people[:1])]
    raised = enrolled(bench, batches)
    assert None in raised, "one of them passed"
    assert not [error for error in raised if error and "UniqueViolation" not in repr(error.orig)], raised  # type: ignore[attr-defined]
    assert enrolled(bench, batches[:1]) == [None], "tried again"
    with bench.running.working() as work:
        opened = work.session.execute(select(Rights.person_id, func.count()).group_by(Rights.person_id)).all()
    assert [many for _, many in opened] == [1 + known] * 3


def test_the_database_itself_refuses_the_second_of_two_equal_rights(bench: Bench) -> None:
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE))
    copied = ", ".join(column.name for column in Rights.__table__.columns if column.name not in ("id", "affiliation_id"))
    twin = text(f"INSERT INTO rights (id, affiliation_id, {copied}) SELECT gen_random_uuid(), gen_random_uuid(), {copied} FROM rights")
    with pytest.raises(IntegrityError, match="uq_rights_person_id"), bench.running.working() as work:
        work.session.execute(twin)


def test_an_employer_looks_while_forms_and_payroll_arrive_and_nothing_is_stuck(bench: Bench) -> None:
    """Radiation, rehiring and reading of one person at the same instant: each ends, and the rights are those of any order."""
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE))
    leaving = [told(ends(declaration(number, number), employment(DOMINIQUE))) for number in range(1, 5)]

    def payroll_says(fact: Told[Radiation]) -> None:
        with bench.running.working() as work:
            payroll.take(work, [fact])

    with ThreadPoolExecutor(6) as threads:
        busy = [threads.submit(payroll_says, fact) for fact in leaving]
        busy.append(threads.submit(enrolled, bench, [[finalised(DOMINIQUE, date(2026, 9, 1))]]))
        seen = [threads.submit(lambda: bench.as_(EMPLOYER).get("/employees?status=all").status_code) for _ in range(4)]
        assert {one.result(timeout=30) for one in seen} == {200}
        assert [one.result(timeout=30) for one in busy] == [None] * 4 + [[None]]
    found = {line["starts_on"]: line["status"] for line in bench.as_(EMPLOYER).get("/employees?status=all").json["items"]}
    assert found == {"2026-02-01": "portability_pending", "2026-09-01": "active"}
