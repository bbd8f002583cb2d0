"""The platform's own people: invited by e-mail, second factor enrolled before anything opens, kept by administrators."""

import threading
import uuid
from typing import Any

import pyotp
import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from chassis.actor import Actor
from chassis.testing import Bench, Client
from events.identity import AccountActivated, InvitationIssued
from services.identity.actions import create_caseworker
from tests.identity.clock import let_time_pass
from tests.identity.people import HOME, Visitor, actor_of, ask_edge, person, problem

NADIA, YVES, INES = "nadia@gestion.example", "yves@gestion.example", "ines@gestion.example"
PASSWORD = "Bureau-calme-et-clair"


def created(bench: Bench, email: str = NADIA, role: str = "administer") -> Actor:
    """A caseworker the operator created from a terminal, as her session shows her."""
    with bench.running.working() as work:
        found = create_caseworker(work.for_brand("hcr"), email, email.partition("@")[0].title(), "CONSEIL", PASSWORD, role)
    return Actor(
        kind="caseworker",
        brand="hcr",
        space="conseil",
        account_id=found.account_id,
        session_id=uuid.uuid4(),
        reference=f"account:{found.account_id}",
        grants={"platform": role},
        strong=True,
        address=HOME,
    )


@pytest.fixture
def nadia(bench: Bench) -> Actor:
    return created(bench)


def visitor(bench: Bench, email: str = YVES) -> Visitor:
    return Visitor(bench, space="conseil", email=email)


def invite(bench: Bench, by: Actor, role: str = "handle", email: str = YVES) -> TestResponse:
    return bench.as_(by).post("/caseworkers", json={"first_name": "Yves", "last_name": "CONSEIL", "email": email, "role": role})


def link(bench: Bench) -> str:
    return bench.told(InvitationIssued)[-1].token.value


def secret(bench: Bench) -> str:
    return str(visitor(bench).post("/invitations/reading", token=link(bench)).json["authenticator"]["secret"])


def accept(bench: Bench, code: str | None) -> TestResponse:
    body = {"token": link(bench), "password": PASSWORD, "terms_version": "2026-01", "code": code}
    return visitor(bench).post("/invitations/acceptance", **body)


def arrived(bench: Bench, by: Actor, role: str = "handle", email: str = YVES) -> str:
    """Yves is invited and follows his link. Returns the token of his session."""
    invite(bench, by, role, email)
    his = secret(bench)
    assert accept(bench, pyotp.TOTP(his).now()).status_code == 201
    let_time_pass(bench, "1 minutes")
    with bench.running.working() as work:
        work.session.execute(text("UPDATE account SET totp_step = 0"))
    challenge = visitor(bench, email).sign_in(PASSWORD).json["challenge_id"]
    return str(visitor(bench).post(f"/challenges/{challenge}/proof", code=pyotp.TOTP(his).now()).json["token"])


def lines(bench: Bench, by: Actor) -> dict[str, tuple[str, str]]:
    """Role and state of each caseworker, by e-mail."""
    return {line["email"]: (line["role"], line["state"]) for line in bench.as_(by).get("/caseworkers").json["items"]}


def test_yves_is_invited_enrols_his_second_factor_and_signs_in(bench: Bench, nadia: Actor):
    answer = invite(bench, nadia)
    assert (answer.status_code, answer.json["state"], answer.json["role"]) == (201, "invited", "handle")
    (issued,) = bench.told(InvitationIssued)
    assert (issued.kind, issued.to.value, issued.inviter and issued.inviter.value) == ("caseworker", YVES, "Nadia CONSEIL")
    shown = visitor(bench).post("/invitations/reading", token=link(bench)).json
    assert shown["authenticator"]["uri"].startswith("otpauth://totp/")
    assert problem(accept(bench, None)) == (409, "code-refuse")
    assert problem(accept(bench, "000000")) == (409, "code-refuse")
    assert bench.told(AccountActivated) == []
    code = pyotp.TOTP(secret(bench)).now()
    assert accept(bench, code).json["account_id"] == answer.json["id"]
    challenge = visitor(bench).sign_in(PASSWORD)
    assert (challenge.status_code, challenge.json["channels"]) == (202, ["totp"])
    replayed = visitor(bench).post(f"/challenges/{challenge.json['challenge_id']}/proof", code=code)
    assert problem(replayed) == (409, "code-refuse"), "the code that enrolled opens nothing a second time"
    assert lines(bench, nadia)[YVES] == ("handle", "active")


def test_codes_to_enrol_are_not_guessed(bench: Bench, nadia: Actor):
    invite(bench, nadia)
    his = secret(bench)
    for _ in range(10):
        assert accept(bench, "000000").status_code == 409
    assert problem(accept(bench, pyotp.TOTP(his).now())) == (409, "code-refuse")


@pytest.mark.parametrize("role", ["read", "handle"])
def test_who_does_not_administer_keeps_nobody(bench: Bench, nadia: Actor, role: str):
    other = bench.as_(created(bench, INES, role))
    calls = [
        other.get("/caseworkers"),
        other.post("/caseworkers", json={"first_name": "A", "last_name": "B", "email": "a@b.fr", "role": "read"}),
        other.put(f"/caseworkers/{nadia.account_id}/role", json={"role": "read"}),
        other.post(f"/caseworkers/{nadia.account_id}/suspension"),
        other.post(f"/caseworkers/{uuid.uuid4()}/suspension"),
    ]
    assert [problem(call) for call in calls] == [(403, "acces-refuse")] * 5


def test_an_identity_signed_before_the_loss_keeps_nobody_either(bench: Bench, nadia: Actor):
    ines = created(bench, INES)
    bench.as_(nadia).put(f"/caseworkers/{ines.account_id}/role", json={"role": "read"})
    assert problem(invite(bench, ines)) == (403, "acces-refuse")


def test_a_suspended_colleague_is_out_at_once_and_back_after_reactivation(bench: Bench, nadia: Actor):
    token = arrived(bench, nadia)
    yves = actor_of(bench, token, space="conseil")
    assert bench.as_(nadia).post(f"/caseworkers/{yves.account_id}/suspension").json["state"] == "suspended"
    assert ask_edge(bench, token, space="conseil").status_code == 401
    assert problem(visitor(bench).sign_in(PASSWORD)) == (401, "identifiants-incorrects")
    assert bench.as_(nadia).post(f"/caseworkers/{yves.account_id}/reactivation").json["state"] == "active"
    assert ask_edge(bench, token, space="conseil").status_code == 401, "what was open stays closed"
    assert visitor(bench).sign_in(PASSWORD).status_code == 202


def test_a_sign_in_that_had_begun_ends_with_the_suspension(bench: Bench, nadia: Actor):
    arrived(bench, nadia)
    challenge = visitor(bench).sign_in(PASSWORD).json["challenge_id"]
    (his,) = (line["id"] for line in bench.as_(nadia).get("/caseworkers").json["items"] if line["email"] == YVES)
    bench.as_(nadia).post(f"/caseworkers/{his}/suspension")
    assert problem(visitor(bench).post(f"/challenges/{challenge}/proof", code="000000")) == (409, "connexion-a-reprendre")


def test_a_role_changes_and_the_next_identity_says_so(bench: Bench, nadia: Actor):
    token = arrived(bench, nadia)
    yves = actor_of(bench, token, space="conseil")
    assert yves.grants == {"platform": "handle"}
    bench.as_(nadia).put(f"/caseworkers/{yves.account_id}/role", json={"role": "read"})
    assert actor_of(bench, token, space="conseil").grants == {"platform": "read"}


@pytest.mark.parametrize("act", ["suspension", "role"])
def test_the_last_administrator_stays(bench: Bench, nadia: Actor, act: str):
    door, path = bench.as_(nadia), f"/caseworkers/{nadia.account_id}/{act}"
    refused = door.post(path) if act == "suspension" else door.put(path, json={"role": "read"})
    assert problem(refused) == (409, "dernier-responsable")
    created(bench, INES)
    accepted = door.post(path) if act == "suspension" else door.put(path, json={"role": "read"})
    assert accepted.status_code == 200


def test_two_administrators_who_suspend_each_other_at_once_leave_one(bench: Bench, nadia: Actor):
    ines = created(bench, INES)
    statuses: list[int] = []

    def suspend(by: Client, whom: Any) -> None:
        statuses.append(by.post(f"/caseworkers/{whom}/suspension").status_code)

    pairs = (bench.as_(nadia), ines.account_id), (bench.as_(ines), nadia.account_id)
    threads = [threading.Thread(target=suspend, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) in ([200, 403], [200, 409])


def test_a_newer_link_has_a_newer_secret_and_a_withdrawn_one_opens_nothing(bench: Bench, nadia: Actor):
    his = invite(bench, nadia).json["id"]
    older_link, older_secret = link(bench), secret(bench)
    assert problem(bench.as_(nadia).post(f"/caseworkers/{his}/link")) == (429, "trop-de-demandes")
    let_time_pass(bench, "2 minutes")
    assert bench.as_(nadia).post(f"/caseworkers/{his}/link").status_code == 200
    assert (link(bench), secret(bench)) != (older_link, older_secret)
    assert problem(visitor(bench).post("/invitations/reading", token=older_link)) == (409, "invitation-refusee")
    assert bench.as_(nadia).delete(f"/caseworkers/{his}/link").status_code == 204
    assert problem(visitor(bench).post("/invitations/reading", token=link(bench))) == (409, "invitation-refusee")
    assert lines(bench, nadia) == {NADIA: ("administer", "active")}


@pytest.mark.parametrize("email", [NADIA, "ＮＡＤＩＡ@Gestion.example"])
def test_a_colleague_is_not_invited_twice(bench: Bench, nadia: Actor, email: str):
    assert problem(invite(bench, nadia, email=email)) == (409, "conseiller-existant")
    invite(bench, nadia)
    assert problem(invite(bench, nadia)) == (409, "conseiller-existant")


def test_what_is_nobodys_is_missing(bench: Bench, nadia: Actor):
    door, nobody = bench.as_(nadia), uuid.uuid4()
    calls = [
        door.post(f"/caseworkers/{nobody}/link"),
        door.delete(f"/caseworkers/{nobody}/link"),
        door.put(f"/caseworkers/{nobody}/role", json={"role": "read"}),
        door.post(f"/caseworkers/{nobody}/suspension"),
        door.post(f"/caseworkers/{nobody}/reactivation"),
    ]
    assert [call.status_code for call in calls] == [404] * 5


def test_the_database_shows_a_caseworker_her_colleagues_and_no_member(bench: Bench, nadia: Actor):
    created(bench, INES)
    bench.tell(person())
    elsewhere = Actor(kind="caseworker", brand="klesia-pro", account_id=uuid.uuid4(), grants={"platform": "administer"})
    for actor, seen in ((nadia, 2), (elsewhere, 0), (Actor(kind="employer", brand="hcr", grants={"platform": "administer"}), 0)):
        with bench.running.working(actor) as work:
            assert work.session.scalar(text("SELECT count(*) FROM account")) == seen
