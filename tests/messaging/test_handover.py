"""Hand-over when things go wrong: carriers away, processes that die, codes that are over, people who leave."""

import uuid
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import msgspec
import pytest
from msgspec import structs
from sqlalchemy import select, text

from chassis import inbox
from chassis.actor import SYSTEM, Actor
from events.employers import HabilitationRevoked
from events.messaging import NoticeHandedOver
from services.messaging import actions
from services.messaging.actions.ports import AT_ONCE, Adapters
from services.messaging.adapters import LocalPost, SmtpMailer, TwilioSms
from services.messaging.models import Notice
from services.messaging.rules import MAX_ATTEMPTS
from tests.messaging.conftest import NADIA, SIREN, activated, changed, code, company, dominique, employer, link, nadia_reads, opened
from tests.messaging.test_couriers import mailbox, settings
from tests.messaging.twilio_server import twilio

LILAS = "12 RUE DES LILAS\n75011 PARIS"


@pytest.fixture
def couriers(bench):
    """Replace the demo's catchers by real couriers: ``couriers(sms=…)``."""
    before = bench.running.adapters

    def use(**chosen):
        bench.running.adapters = Adapters(before.composer, {**before.couriers, **chosen})

    yield use
    bench.running.adapters = before


def later(bench, wait=timedelta(hours=1)):
    """Let time pass for what waits, and for nothing else."""
    with bench.running.working() as work:
        work.session.execute(text("UPDATE notice SET next_try_at = next_try_at - CAST(:wait AS interval)"), {"wait": wait})


def beginnings(number):
    """As many rights of Dominique that begin."""
    return [msgspec.structs.replace(opened(), rights_id=uuid.UUID(int=n)) for n in range(number)]


def apply_only(bench):
    """Apply the inbox without handing anything over."""
    while inbox.work_once(bench.running):
        pass


def claim_then_die(bench):
    """A process that takes a notice in hand, and dies before it carries it."""
    apply_only(bench)
    with bench.running.working() as work:
        assert actions.claim(work, bench.running.adapters) >= 1


def carry_then_die(bench):
    """A process that carries a notice, and dies before it can say so."""
    claim_then_die(bench)
    work = bench.running.begin(SYSTEM)
    with work.session:
        assert actions.hand_over(work, bench.running.adapters) >= 1


def test_a_code_that_is_over_is_never_sent(bench, post):
    bench.tell(code(minutes=-1))
    assert post.box() == []
    assert post.states() == [("code", "expired")]
    assert bench.told(NoticeHandedOver) == []


def test_a_code_does_not_wait_behind_a_payroll_full_of_notices(bench, post):
    bench.tell(dominique())
    bench.deliver(*beginnings(AT_ONCE + 10), code())
    bench.work()
    assert post.box(limit=200)[-1]["code"] == "482913"


def test_twilio_is_busy_then_takes_the_code_once(bench, post, couriers, keys):
    with twilio() as server:
        couriers(sms=TwilioSms(settings(keys, twilio_url=server.url)))
        server.next_errors += [20429, 20500]
        bench.tell(code("sms", "+33639980001"))
        assert post.states() == [("code", "pending")]
        for _ in range(2):
            later(bench)
            bench.work()
        assert [message["to"] for message in server.sent] == ["+33639980001"]
    assert post.states() == [("code", "handed_over")]
    assert [reason for outcome, reason in post.attempts() if outcome == "unreachable"] == ["twilio_busy", "twilio_failing"]
    assert len(bench.told(NoticeHandedOver)) == 1


def test_a_number_that_does_not_exist_fails_at_once_and_forgets_the_code(bench, post, couriers, keys):
    with twilio() as server:
        couriers(sms=TwilioSms(settings(keys, twilio_url=server.url)))
        server.next_errors.append(21211)
        bench.tell(code("sms", "+33639980001"))
    assert post.states() == [("code", "failed")]
    assert post.attempts() == [("began", None), ("refused", "twilio_21211")]
    with bench.running.working() as work:
        assert work.session.scalar(text("SELECT count(*) FROM notice WHERE content IS NOT NULL")) == 0


def test_an_sms_taken_by_a_silent_twilio_is_not_sent_twice(bench, post, couriers, keys):
    with twilio() as server:
        couriers(sms=TwilioSms(settings(keys, twilio_url=server.url, twilio_timeout=0.2)))
        server.swallows = 0.6
        bench.tell(code("sms", "+33639980001"))
        assert post.states() == [("code", "pending")]
        server.swallows = 0.0
        later(bench)
        bench.work()
        assert len(server.sent) == 1
    assert post.states() == [("code", "handed_over")]


def test_a_process_that_dies_before_sending_an_sms_leaves_it_to_the_next_one(bench, post, couriers, keys):
    with twilio() as server:
        couriers(sms=TwilioSms(settings(keys, twilio_url=server.url)))
        bench.deliver(code("sms", "+33639980001"))
        claim_then_die(bench)
        bench.work()
        assert len(server.sent) == 1
    assert [outcome for outcome, _ in post.attempts()] == ["began", "interrupted", "handed_over"]
    assert len(bench.told(NoticeHandedOver)) == 1


def test_a_process_that_dies_after_sending_an_sms_does_not_make_the_next_one_send_it_again(bench, post, couriers, keys):
    with twilio() as server:
        couriers(sms=TwilioSms(settings(keys, twilio_url=server.url)))
        bench.deliver(code("sms", "+33639980001"))
        carry_then_die(bench)
        assert len(server.sent) == 1
        bench.work()
        assert len(server.sent) == 1
    assert post.states() == [("code", "handed_over")]


def test_a_letter_is_never_posted_twice_whatever_dies(bench, post, couriers, tmp_path):
    couriers(post=LocalPost(tmp_path))
    bench.deliver(link(channel="post", to=LILAS, token="K7PM-3XQ9-TR4V"))
    carry_then_die(bench)
    [printed] = tmp_path.iterdir()
    written_at = printed.stat().st_mtime_ns
    bench.work()
    assert [path.stat().st_mtime_ns for path in tmp_path.iterdir()] == [written_at]
    assert post.states() == [("affiliation_letter", "handed_over")]


def test_a_mail_sent_again_after_a_crash_carries_the_same_message_id(bench, post, couriers, keys):
    with mailbox() as (box, port):
        couriers(email=SmtpMailer(settings(keys, smtp_port=port)))
        bench.deliver(code())
        carry_then_die(bench)
        bench.work()
    assert len(box.mails) == 2
    assert len({mail["Message-ID"] for _, mail in box.mails}) == 1


def test_a_mail_server_that_stays_away_ends_after_a_few_tries(bench, post, couriers, keys):
    couriers(email=SmtpMailer(settings(keys, smtp_port=1)))
    bench.tell(dominique(), opened())
    for _ in range(MAX_ATTEMPTS + 2):
        later(bench)
        bench.work()
    assert post.states() == [("rights_opened", "failed")]
    assert len([outcome for outcome, _ in post.attempts() if outcome == "unreachable"]) == MAX_ATTEMPTS


def test_a_notice_waits_for_its_reader_to_become_known(bench, post):
    bench.tell(opened(), changed(ends_on=None))
    assert {state for _, state in post.states()} == {"waiting_contact"}
    bench.tell(dominique())
    assert [mail["to"] for mail in post.box()] == ["dominique.essai@exemple.fr"] * 2
    bench.tell(*company(), nadia_reads(), activated())
    assert {state for _, state in post.states()} == {"handed_over"}
    assert bench.parked() == []


def test_somebody_who_never_becomes_known_is_not_waited_for_for_ever(bench, post):
    bench.tell(opened())
    with bench.running.working() as work:
        work.session.execute(text("UPDATE notice SET expires_at = now()"))
    with bench.running.working() as work:
        assert actions.expire_waiting(work) == 1
    bench.tell(dominique())
    assert post.states() == [("rights_opened", "expired")]
    assert post.box() == []


def test_who_left_the_company_is_told_nothing_more_of_it(bench, post):
    bench.tell(*company(), dominique(), nadia_reads(), changed())
    bench.tell(HabilitationRevoked(account_id=NADIA, siren=SIREN))
    bench.tell(activated())
    assert [mail["to"] for mail in post.box() if "salarié" in mail["subject"]] == []
    bench.tell(changed("ended", "Démission."))
    assert ("company_rights_ended", "waiting_contact") in post.states()


def test_a_fact_told_again_under_another_id_makes_no_second_notice(bench, post):
    facts = [*company(), dominique(), activated(), nadia_reads(), opened(), code(), link(), changed(ends_on=None)]
    bench.tell(*facts)
    seen = post.states()
    bench.tell(*facts)
    assert post.states() == seen
    assert len(post.box()) == len(seen) == 6


def test_an_address_that_a_code_proved_is_not_replaced_by_an_older_one(bench, post):
    bench.tell(activated(kind="member", reference=f"person:{dominique().person_id}", email="nouvelle@exemple.fr"))
    bench.tell(dominique("ancienne@exemple.fr"), opened())
    assert {mail["to"] for mail in post.box()} == {"nouvelle@exemple.fr"}


def test_the_demo_takes_many_in_hand_at_once_and_a_real_carrier_one_at_a_time(bench, couriers, keys):
    bench.deliver(dominique(), *beginnings(3))
    apply_only(bench)
    for chosen, taken in (({}, 3), ({"email": SmtpMailer(settings(keys))}, 1)):
        couriers(**chosen)
        work = bench.running.begin(SYSTEM)
        with work.session:
            assert actions.claim(work, bench.running.adapters) == taken


def test_a_process_that_dies_with_many_in_hand_loses_none_and_doubles_none(bench, post):
    bench.deliver(dominique(), *beginnings(5))
    carry_then_die(bench)
    assert post.states() == [("rights_opened", "handing_over")] * 5
    bench.work()
    assert post.states() == [("rights_opened", "handed_over")] * 5
    assert len(post.box()) == len(bench.told(NoticeHandedOver)) == 5
    assert Counter(outcome for outcome, _ in post.attempts()) == {"began": 5, "interrupted": 5, "handed_over": 5}


def test_words_that_nobody_can_write_fail_alone_and_their_neighbours_leave(bench, post):
    bench.deliver(dominique(), *beginnings(5))
    apply_only(bench)
    with bench.running.working() as work:
        work.session.scalars(select(Notice).order_by(Notice.id)).all()[2].content = {"starts_on": "bientôt", "contract_label": "BASE"}
    for _ in range(2 * MAX_ATTEMPTS):
        with suppress(ValueError):  # what a role says in its log before it tries again
            bench.work()
    assert Counter(state for _, state in post.states()) == {"handed_over": 4, "failed": 1}
    assert len(post.box()) == 4
    assert [reason for outcome, reason in post.attempts() if outcome == "refused"] == ["too_many_attempts"]


def test_caseworkers_see_what_came_back_and_never_the_address(bench, couriers, keys):
    """An address that nobody takes: the affiliation's company reads it among what changed, a caseworker in one list."""
    casey = Actor(kind="caseworker", brand="hcr", space="conseil", account_id=uuid.UUID(int=3), grants={"platform": "read"})
    couriers(email=SmtpMailer(settings(keys, smtp_port=1)))
    lost = link(to="personne@exemple.fr\nBcc: tous@exemple.fr")  # no header holds a line break
    bench.tell(lost)
    [line] = bench.as_(casey).get("/undelivered").json["items"]
    assert (line["about"], line["channel_label"], line["reason"]) == (
        f"affiliation:{lost.affiliation_id}", "E-mail", "L'adresse ne peut pas être écrite dans un e-mail.",
    )  # fmt: skip
    assert "exemple.fr" not in bench.as_(casey).get("/undelivered").text
    assert bench.as_(casey).get("/undelivered", query_string={"after": line["id"]}).json["items"] == []
    assert bench.as_(structs.replace(casey, grants={})).get("/undelivered").json["items"] == []
    assert bench.as_(employer()).get("/undelivered").status_code == 403
    with bench.running.begin(casey).session as session:
        assert session.execute(text("UPDATE notice SET state = 'pending'")).rowcount == 0
        assert session.execute(text("UPDATE attempt SET reason = NULL")).rowcount == 0
