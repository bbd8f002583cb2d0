"""Somebody invited follows a link (S1:138-141): read without using it, used once, by whoever proves who they are."""

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from chassis.testing import Bench
from events import Sealed
from events.employers import InvitationSent, InvitationWithdrawn
from events.identity import AccountActivated, InvitationIssued
from services.identity.actions import upkeep
from tests.identity.clock import let_time_pass
from tests.identity.people import GOOD, Visitor, employer, grant, problem, signed_in

PAUL = "paul@exemple.fr"
HIS = "Promenade-du-soir"


def invited(invitation_id: uuid.UUID | None = None, email: str = PAUL, **told: Any) -> InvitationSent:
    return InvitationSent(
        invitation_id=invitation_id or uuid.uuid4(),
        company_names=("SOCIETE FICTIVE", "AUTRE MAISON"),
        companies=2,
        first_name=Sealed("Paul"),
        last_name=Sealed("ESSAI"),
        email=Sealed(email),
        inviter=Sealed("Alix PATRON"),
        **({"expires_at": datetime.now(UTC) + timedelta(hours=72)} | told),
    )


def link(bench: Bench) -> str:
    return bench.told(InvitationIssued)[-1].token.value


def paul(bench: Bench, space: str = "entreprise") -> Visitor:
    return Visitor(bench, space=space, email=PAUL)


def accept(bench: Bench, token: str, password: str = HIS, space: str = "entreprise", **more: Any) -> TestResponse:
    body = {"token": token, "password": password, "terms_version": "2026-01"} | more
    return paul(bench, space).post("/invitations/acceptance", **body)


def test_paul_reads_his_invitation_then_creates_his_password_and_comes_in(bench: Bench):
    """S1:141 « un e-mail avec un lien pour créer son mot de passe »."""
    bench.tell(sent := invited())
    (issued,) = bench.told(InvitationIssued)
    assert (issued.to.value, issued.kind, issued.companies, issued.company_names) == (PAUL, "employer", 2, sent.company_names)
    for _ in range(2):
        shown = paul(bench).post("/invitations/reading", token=link(bench))
        assert (shown.status_code, shown.json["first_name"], shown.json["has_account"]) == (200, "Paul", False)
        assert (shown.json["email_hint"], shown.json["authenticator"]) == ("p•••@exemple.fr", None)
    answer = accept(bench, link(bench))
    assert answer.status_code == 201
    (told,) = bench.told(AccountActivated)
    assert (told.reference, told.activation_id, told.kind) == (f"invitation:{sent.invitation_id}", sent.invitation_id, "employer")
    assert str(told.account_id) == answer.json["account_id"]
    assert paul(bench).sign_in(HIS).status_code == 202


def test_who_has_an_account_already_confirms_with_its_own_password(bench: Bench):
    activation = uuid.uuid4()
    bench.tell(employer(activation, email=PAUL))
    visitor = paul(bench)
    account = visitor.choose(activation, visitor.prove(activation, visitor.last_code()).json["proof"], HIS).json["account_id"]
    bench.tell(invited())
    assert visitor.post("/invitations/reading", token=link(bench)).json["has_account"] is True
    assert problem(accept(bench, link(bench), GOOD)) == (401, "identifiants-incorrects")
    assert accept(bench, link(bench)).json["account_id"] == account
    assert len(bench.told(AccountActivated)) == 2


def test_a_link_serves_once_whoever_comes_together(bench: Bench):
    bench.tell(invited())
    answers: list[TestResponse] = []
    threads = [threading.Thread(target=lambda: answers.append(accept(bench, link(bench)))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 4
    assert problem(accept(bench, link(bench))) == (409, "invitation-refusee")
    assert len(bench.told(AccountActivated)) == 1


def test_a_newer_link_kills_the_older(bench: Bench):
    """S1:146 « lui renvoyer un lien de création de mot de passe »."""
    bench.tell(sent := invited())
    older = link(bench)
    bench.tell(invited(sent.invitation_id, reminder=True))
    assert problem(accept(bench, older)) == (409, "invitation-refusee")
    assert accept(bench, link(bench)).status_code == 201


def test_the_same_news_told_twice_sends_one_link(bench: Bench):
    ids = bench.deliver(sent := invited())
    bench.work()
    bench.deliver(sent, ids=ids)
    bench.work()
    assert len(bench.told(InvitationIssued)) == 1


def test_a_link_dies_after_72_hours_and_when_it_is_withdrawn(bench: Bench):
    bench.tell(sent := invited(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    expired = accept(bench, link(bench))
    bench.tell(other := invited(email="autre@exemple.fr"), InvitationWithdrawn(invitation_id=sent.invitation_id))
    bench.tell(InvitationWithdrawn(invitation_id=other.invitation_id))
    withdrawn, unknown = accept(bench, link(bench)), accept(bench, "jeton-de-personne")
    assert expired.data == withdrawn.data == unknown.data
    assert problem(expired) == (409, "invitation-refusee")
    assert bench.told(AccountActivated) == []


def test_a_withdrawn_invitation_does_not_come_back_with_an_older_word(bench: Bench):
    bench.tell(sent := invited())
    bench.tell(InvitationWithdrawn(invitation_id=sent.invitation_id))
    bench.tell(invited(sent.invitation_id))
    assert len(bench.told(InvitationIssued)) == 1


@pytest.mark.parametrize(
    ("change", "slug"),
    [({"password": "court"}, "mot-de-passe-refuse"), ({"terms_version": "1999-01"}, "conditions-a-accepter")],
)
def test_a_refused_password_or_old_terms_leave_the_link_as_it_was(bench: Bench, change: dict[str, str], slug: str):
    bench.tell(invited())
    assert problem(accept(bench, link(bench), **change))[1] == slug
    assert accept(bench, link(bench)).status_code == 201


def test_a_link_opens_nothing_in_another_space_or_brand(bench: Bench):
    bench.tell(invited())
    assert problem(accept(bench, link(bench), space="assure")) == (409, "invitation-refusee")
    elsewhere = Visitor(bench, space="entreprise", brand="klesia-pro")
    assert elsewhere.post("/invitations/reading", token=link(bench)).status_code == 409


def test_wrong_links_from_one_address_are_counted(bench: Bench):
    bench.tell(invited())
    for number in range(20):
        assert accept(bench, f"jeton-{number}").status_code == 409
    assert problem(accept(bench, link(bench))) == (429, "trop-de-demandes")


def test_an_address_written_otherwise_is_the_same_account(bench: Bench):
    """NFKC and case: a collision opens no second account."""
    bench.tell(invited())
    accept(bench, link(bench))
    bench.tell(invited(email="ＰＡＵＬ@Exemple.FR"))
    assert problem(accept(bench, link(bench), GOOD)) == (401, "identifiants-incorrects")
    assert accept(bench, link(bench)).status_code == 201
    assert len({fact.account_id for fact in bench.told(AccountActivated)}) == 1


def test_his_companies_are_in_his_identity_once_employers_granted_them(bench: Bench):
    bench.tell(invited())
    account = accept(bench, link(bench)).json["account_id"]
    bench.tell(grant(account, "123456782", "user"), grant(account, "732829320"))
    visitor = paul(bench)
    challenge = visitor.sign_in(HIS).json["challenge_id"]
    visitor.post(f"/challenges/{challenge}/code", channel="email")
    visitor.post(f"/challenges/{challenge}/proof", code=visitor.last_code())
    visitor.post(f"/challenges/{challenge}/code", channel="sms", phone="+33639980009")
    token = visitor.post(f"/challenges/{challenge}/proof", code=visitor.last_code()).json["token"]
    assert signed_in(bench, token, space="entreprise").get("/me").json["grants"] == {"123456782": "user", "732829320": "administrator"}


def test_an_old_invitation_is_forgotten(bench: Bench):
    bench.tell(invited())
    for age, left in (("89 days", 1), ("5 days", 0)):
        let_time_pass(bench, age)
        with bench.running.working() as work:
            upkeep.forget(work)
            assert work.session.scalar(text("SELECT count(*) FROM invitation")) == left
