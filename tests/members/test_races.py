"""Two workers, or a worker and a caseworker, about the same person at the same instant."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from time import sleep

from chassis.testing import Bench
from chassis.work import Told
from events.dsn import Radiation
from services.members.actions import payroll
from tests.members.people import DOMINIQUE, EMPLOYER, declaration, employment, ends, finalised, settle_in


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
