"""Four eyes on a whole company: one caseworker asks, another approves, and it happens once."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from chassis.actor import SYSTEM, Actor
from chassis.testing import Bench
from chassis.work import PARIS
from events.employers import HabilitationGranted, HabilitationRevoked, InvitationWithdrawn
from services.employers import tasks
from services.employers.actions import acts
from services.employers.errors import ChangedMeanwhile
from tests.employers.people import NADIA, SIREN, YVES, activated, administrator, asked, employer, follow, invite, line_of, problem, register

REASON = "Prise de contrôle de la messagerie du contact, signalée par téléphone."


def administrating(role: str = "administer") -> Actor:
    account = uuid4()
    return Actor(kind="caseworker", brand="hcr", space="conseil", account_id=account, reference="account:x", grants={"platform": role})


INES, OTTO = administrating(), administrating()


@pytest.fixture
def lucie(bench: Bench) -> Actor:
    """She administers her company, where Paul is a user and somebody is invited."""
    register(bench)
    lucie = administrator(bench)
    follow(bench, invite(bench, lucie, (SIREN, "user")).json["invitation_id"])
    invite(bench, lucie, (SIREN, "administrator"), email="autre@fictive.example")
    return lucie


def ask(bench: Bench, who: Actor = NADIA, kind: str = "shut_company", **changes: str) -> TestResponse:
    return bench.as_(who).post("/acts", json={"kind": kind, "siren": SIREN, "reason": REASON} | changes)


def approve(bench: Bench, act_id: Any, who: Actor = INES) -> TestResponse:
    return bench.as_(who).post(f"/acts/{act_id}/approval")


def states(bench: Bench) -> list[str]:
    with bench.running.working(SYSTEM) as work:
        return list(work.session.scalars(text("SELECT state FROM habilitation ORDER BY id")))


def test_nadia_asks_ines_approves_and_the_company_is_shut(bench: Bench, lucie: Actor):
    asked = ask(bench)
    assert (asked.status_code, asked.json["state_label"], asked.json["asked_by_me"]) == (201, "À valider", True)
    assert states(bench) == ["active", "active", "invited"]
    done = approve(bench, asked.json["id"])
    assert (done.status_code, done.json["state_label"], done.json["asked_by_me"]) == (200, "Validé", False)
    assert states(bench) == ["suspended", "suspended", "revoked"]
    assert len(bench.told(HabilitationRevoked)) == 2
    assert len(bench.told(InvitationWithdrawn)) == 1
    assert [action for action in bench.audited() if action.startswith("act.")] == ["act.asked", "act.approved"]


def test_who_asked_does_not_approve(bench: Bench, lucie: Actor):
    act = ask(bench, INES).json["id"]
    assert problem(approve(bench, act, INES)) == (409, "acte-meme-personne")
    assert states(bench) == ["active", "active", "invited"]
    itself = text("UPDATE pending_act SET state = 'approved', decided_by = asked_by, decided_at = now()")
    with bench.running.begin(SYSTEM).session as session, pytest.raises(IntegrityError, match="four_eyes"):
        session.execute(itself)


def test_approved_ten_times_at_once_it_happens_once(bench: Bench, lucie: Actor):
    act = ask(bench).json["id"]
    answers: list[TestResponse] = []
    threads = [threading.Thread(target=lambda who=who: answers.append(approve(bench, act, who))) for who in (INES, OTTO) * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert len(bench.told(HabilitationRevoked)) == 2


def test_an_act_that_waited_too_long_is_never_done(bench: Bench, lucie: Actor):
    act = ask(bench).json["id"]
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("UPDATE pending_act SET expires_at = expires_at - interval '73 hours'"))
    late = approve(bench, act)
    assert (problem(late), late.json["state"]) == ((409, "acte-deja-decide"), "expired")
    assert bench.as_(INES).get("/acts").json["items"][0]["state_label"] == "Expiré"
    assert "suspended" not in states(bench)


def test_an_act_is_refused_by_another_or_taken_back_by_who_asked(bench: Bench, lucie: Actor):
    for who in (INES, NADIA):
        act = ask(bench).json["id"]
        assert bench.as_(who).post(f"/acts/{act}/refusal").json["state_label"] == "Refusé"
        assert problem(approve(bench, act)) == (409, "acte-deja-decide")
    assert "suspended" not in states(bench)


def test_no_calendar_lets_anybody_back_into_a_shut_company(bench: Bench, lucie: Actor):
    line = line_of(bench, lucie)["id"]
    on = (datetime.now(PARIS) + timedelta(days=1)).date()
    assert bench.as_(lucie).post(f"/habilitations/{line}/suspension", json={"resumes_on": on.isoformat()}).status_code == 200
    approve(bench, ask(bench).json["id"])
    with bench.running.working(SYSTEM, now=datetime.now(UTC) + timedelta(days=2)) as work:
        assert tasks.let_time_pass(work, None) == 0
    assert "active" not in states(bench)


def test_an_act_that_began_before_a_colleague_s_is_not_done_behind_it(bench: Bench, lucie: Actor):
    """Other services believe the newest word: an older one would shut the company here, and nowhere else."""
    act = UUID(ask(bench).json["id"])
    with bench.running.working(SYSTEM) as work:
        before = work.now
    line = line_of(bench, lucie)["id"]
    assert bench.as_(lucie).put(f"/habilitations/{line}", json={"role": "administrator"}).status_code == 200
    with pytest.raises(ChangedMeanwhile), bench.running.working(INES, now=before) as work:
        acts.approve(work, act)
    assert "suspended" not in states(bench)
    assert approve(bench, act).status_code == 200


def test_the_administrators_come_back_and_give_their_colleagues_rights_back(bench: Bench, lucie: Actor):
    approve(bench, ask(bench).json["id"])
    approve(bench, ask(bench, kind="reopen_company").json["id"])
    assert states(bench) == ["active", "suspended", "revoked"]
    assert bench.told(HabilitationGranted)[-1].account_id == lucie.account_id
    assert bench.as_(lucie).post(f"/habilitations/{line_of(bench, lucie)['id']}/reactivation").status_code == 200


def test_who_was_suspended_before_stays_so_when_the_company_opens_again(bench: Bench, lucie: Actor):
    line = line_of(bench, lucie)["id"]
    assert bench.as_(lucie).put(f"/habilitations/{line}", json={"role": "administrator"}).status_code == 200
    assert bench.as_(lucie).post(f"/habilitations/{line}/suspension", json={}).status_code == 200
    approve(bench, ask(bench).json["id"])
    approve(bench, ask(bench, kind="reopen_company").json["id"])
    assert states(bench) == ["active", "suspended", "revoked"], "Paul was suspended by Lucie: she alone lets him back"
    assert bench.told(HabilitationGranted)[-1].account_id == lucie.account_id


def test_a_shut_company_does_not_open_by_its_contact_nor_by_a_code_asked_before(bench: Bench):
    register(bench)
    (request,) = asked(bench)
    approve(bench, ask(bench).json["id"])
    bench.tell(activated(request.activation_id))
    assert states(bench) == []
    assert asked(bench, "198.51.100.250") == [request]
    assert "activation.shut" in bench.audited()
    approve(bench, ask(bench, kind="reopen_company").json["id"])
    assert len(asked(bench, "198.51.100.251")) == 2


@pytest.mark.parametrize(("who", "asks", "approves"), [(YVES, 403, 403), (NADIA, 201, 403), (OTTO, 201, 200)])
def test_each_role_does_its_part(bench: Bench, lucie: Actor, who: Actor, asks: int, approves: int):
    act = ask(bench, INES).json["id"]
    assert ask(bench, who).status_code == asks
    assert approve(bench, act, who).status_code == approves
    assert bench.as_(who).get("/acts").status_code == 200


def test_nobody_else_sees_an_act(bench: Bench, lucie: Actor):
    ask(bench)
    assert bench.as_(lucie).get("/acts").status_code == 403
    for stranger in (lucie, Actor(kind="caseworker"), Actor(kind="anonymous", brand="hcr")):
        with bench.running.begin(stranger).session as session:
            assert session.scalar(text("SELECT count(*) FROM pending_act")) == 0


def test_an_act_on_a_company_or_an_act_that_is_missing_is_refused(bench: Bench, lucie: Actor):
    assert ask(bench, siren="404404404").status_code in (404, 422)
    assert approve(bench, uuid4()).status_code == 404
    assert ask(bench, reason="").status_code == 422
    assert ask(bench, kind="burn").status_code == 422
    assert bench.as_(employer()).post("/acts", json={}).status_code == 403
