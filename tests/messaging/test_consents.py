"""Who is written to about what, by which channel; and whoever was reached before a change is told of it."""

import uuid
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from chassis.actor import SYSTEM
from events.fact import Sealed
from events.identity import AccountDeleted, ConsentChanged, ContactChanged, Kept, MobileReplayed
from events.members import PersonRegistered
from services.messaging.actions import hand_over
from tests.messaging.conftest import DOMINIQUE, NADIA, activated, changed, company, opened

ACCOUNT = uuid.UUID("01900000-0000-7000-8000-0000000000a2")
REFERENCE = f"person:{DOMINIQUE}"
PHONE = "+33639980066"


def accepts(given: bool = True, purpose: str = "follow_up") -> ConsentChanged:
    return ConsentChanged(account_id=ACCOUNT, reference=REFERENCE, purpose=purpose, channel="sms", given=given)


def moved(what: str = "email", *, objected: bool = False) -> ContactChanged:
    former = {"email": "dominique.essai@exemple.fr", "phone": PHONE}[what]
    return ContactChanged(
        account_id=ACCOUNT,
        kind="member",
        reference=REFERENCE,
        what=what,  # type: ignore[arg-type]
        email=Sealed("nouvelle@exemple.fr"),
        phone=Sealed("+33639980077"),
        former=Sealed(former),
        hold_until=datetime(2036, 1, 6, 9, tzinfo=UTC),
        objection=None if objected else Sealed("jeton-opposition"),
        objected=objected,
    )


@pytest.fixture
def settled(bench):
    names = {"first_name": Sealed("Dominique"), "last_name": Sealed("ESSAI")}
    reached = PersonRegistered(person_id=DOMINIQUE, email=Sealed("dominique.essai@exemple.fr"), phone=Sealed(PHONE), **names)
    bench.tell(*company(), reached, activated(), opened())


def sms(post) -> list[str]:
    return [message["to"] for message in post.box() if message["channel"] == "sms"]


def rights_end(bench, day: int = 30) -> None:
    bench.tell(changed(ends_on=date(2026, 6, day), portability_months=6))


def test_without_an_answer_rights_are_told_by_mail_alone(bench, post, settled):
    rights_end(bench)
    assert sms(post) == []
    assert post.box()[0]["channel"] == "email"


def test_who_accepts_sms_gets_one_beside_the_mail_until_she_no_longer_does(bench, post, settled):
    """S0:134."""
    bench.tell(accepts())
    rights_end(bench)
    (to,) = sms(post)
    bench.tell(accepts(False))
    rights_end(bench, 28)
    assert sms(post) == [to], "no other SMS"
    assert len([message for message in post.box() if message["channel"] == "email"]) == 4, "mails still go"


def test_a_consent_to_something_else_sends_nothing(bench, post, settled):
    bench.tell(accepts(purpose="satisfaction"))
    rights_end(bench)
    assert sms(post) == []


def test_an_sms_that_waits_does_not_leave_once_the_consent_is_withdrawn(bench, post, settled):
    bench.tell(accepts())
    rights_end(bench)
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("UPDATE notice SET state = 'handing_over', handed_over_at = NULL WHERE channel = 'sms'"))
    bench.deliver(accepts(False))
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("UPDATE consent SET given = false"))
        hand_over(work, bench.running.adapters)
    assert ("follow_up", "expired") in post.states()


def test_an_older_answer_that_comes_late_changes_nothing(bench, post, settled):
    bench.tell(accepts(False))
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("UPDATE consent SET told_at = told_at + interval '1 hour'"))
    bench.tell(accepts())
    rights_end(bench)
    assert sms(post) == []


def test_the_former_mailbox_is_told_with_a_way_to_object_and_mail_goes_to_the_new_one_from_now_on(bench, post, settled):
    bench.tell(moved())
    (mail,) = post.box()[:1]
    assert mail["to"] == "dominique.essai@exemple.fr"
    assert mail["link"].endswith("/acces/opposition/jeton-opposition")
    rights_end(bench)
    assert post.box()[0]["to"] == "nouvelle@exemple.fr"
    with bench.running.working(SYSTEM) as work:
        kept = work.session.scalar(text("SELECT content FROM notice WHERE template = 'contact_changed'"))
    assert kept is None, "the token is forgotten once handed over"


def test_a_new_phone_is_told_by_mail_and_to_the_former_phone(bench, post, settled):
    bench.tell(moved("phone"))
    mail, short = sorted(post.box()[:2], key=lambda message: message["channel"])
    assert (mail["to"], short["to"]) == ("nouvelle@exemple.fr", PHONE)
    assert "/opposition/" not in short["text"]


def test_an_objection_is_confirmed_where_she_is_reached_again(bench, post, settled):
    bench.tell(moved(objected=True))
    (mail,) = post.box()[:1]
    assert (mail["to"], "annulé" in mail["text"]) == ("nouvelle@exemple.fr", True)


def test_the_owner_of_a_copied_application_is_told_once(bench, post, settled):
    told = MobileReplayed(
        account_id=ACCOUNT, kind="member", reference=REFERENCE, email=Sealed("dominique.essai@exemple.fr"), session_id=uuid.uuid4()
    )
    before = len(post.box())
    bench.tell(told, told)
    assert len(post.box()) == before + 1
    assert "déconnectée" in post.box()[0]["subject"]


def deleted(kind: str, reference: str, account_id: uuid.UUID = ACCOUNT) -> AccountDeleted:
    kept = (Kept(what="Vos contrats", until="5 ans", source="article 2224 du Code civil"),)
    email = Sealed("dominique.essai@exemple.fr")
    return AccountDeleted(account_id=account_id, kind=kind, reference=reference, email=email, erased=("votre téléphone",), kept=kept)  # type: ignore[arg-type]


def test_the_receipt_of_a_deleted_account_leaves_once_and_consents_go(bench, post, settled):
    """S2:30."""
    bench.tell(accepts())
    before = len(post.box())
    bench.tell(deleted("member", REFERENCE), deleted("member", REFERENCE))
    (receipt,) = post.box()[: len(post.box()) - before]
    assert "article 2224 du Code civil" in receipt["text"]
    rights_end(bench)
    assert sms(post) == []
    assert post.box()[0]["to"] == "dominique.essai@exemple.fr", "the law makes us write to an insured person"


def test_a_deleted_employer_is_reached_no_more(bench, post, settled):
    bench.tell(deleted("employer", f"account:{NADIA}", NADIA))
    with bench.running.working(SYSTEM) as work:
        assert work.session.scalar(text("SELECT count(*) FROM contact WHERE recipient LIKE 'account:%'")) == 0
        content = text("SELECT count(*) FROM notice WHERE recipient = :nadia AND template = 'welcome' AND content IS NOT NULL")
        assert work.session.scalar(content, {"nadia": f"account:{NADIA}"}) == 0
