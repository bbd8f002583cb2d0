"""A caseworker lost her way in: it is made anew by a colleague, by two for who administers, or by an operator for the last one."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from msgspec.structs import replace
from sqlalchemy import text
from werkzeug.test import TestResponse

from chassis.actor import Actor
from chassis.testing import Bench
from events.identity import AccessRearmed, InvitationIssued, PasswordChanged, PasswordLinkIssued
from services.identity.actions import rearm_caseworker
from tests.identity.clock import let_time_pass
from tests.identity.people import Visitor, ask_edge, problem, signed_in
from tests.identity.test_caseworkers import INES, NADIA, PASSWORD, YVES, arrived, created, lines, link, secret, visitor

OTHER = "Bureau-tranquille-et-net"
WHY = "Téléphone perdu, signalé de vive voix."
OLAF = "olaf@gestion.example"


@pytest.fixture
def nadia(bench: Bench) -> Actor:
    return created(bench)


@pytest.fixture
def yves(bench: Bench) -> uuid.UUID:
    """He handles cases; he does not administer."""
    return created(bench, YVES, "handle").account_id


def rearm(bench: Bench, by: Actor, whom: Any, step: str = "") -> TestResponse:
    body = {} if step else {"json": {"reason": WHY}}
    return bench.as_(by).post(f"/caseworkers/{whom}/rearming{step}", **body)


def secret_of(bench: Bench, email: str) -> str:
    """What the application on her telephone holds."""
    with bench.running.working() as work:
        from services.identity import access

        return str(access.account_of_login(work.for_brand("hcr"), "conseil", email).totp_secret)


def follow(bench: Bench, code: str, password: str = OTHER) -> TestResponse:
    body = {"token": link(bench), "password": password, "terms_version": "2026-01", "code": code}
    return visitor(bench).post("/invitations/acceptance", **body)


def sign_in(bench: Bench, email: str, password: str, totp: str) -> TestResponse:
    challenge = visitor(bench, email).sign_in(password)
    if challenge.status_code != 202:
        return challenge
    with bench.running.working() as work:  # the next thirty seconds, without waiting for them
        work.session.execute(text("UPDATE account SET totp_step = 0"))
    return visitor(bench).post(f"/challenges/{challenge.json['challenge_id']}/proof", code=pyotp.TOTP(totp).now())


def test_yves_lost_his_telephone_and_nadia_has_his_access_made_anew(bench: Bench, nadia: Actor):
    token = arrived(bench, nadia)
    old = secret_of(bench, YVES)
    begun = visitor(bench).sign_in(PASSWORD).json["challenge_id"]
    (his,) = (line["id"] for line in bench.as_(nadia).get("/caseworkers").json["items"] if line["email"] == YVES)
    let_time_pass(bench, "2 minutes")
    answer = rearm(bench, nadia, his)
    assert (answer.status_code, answer.json["state_label"], answer.json["rearming"]) == (200, "Accès à refaire", None)
    issued = bench.told(InvitationIssued)[-1]
    assert (issued.renews, issued.to.value, issued.inviter and issued.inviter.value) == (True, YVES, "Nadia CONSEIL")
    assert ask_edge(bench, token, space="conseil").status_code == 401
    assert problem(visitor(bench).post(f"/challenges/{begun}/proof", code=pyotp.TOTP(old).now())) == (409, "connexion-a-reprendre")
    assert problem(visitor(bench).sign_in(PASSWORD)) == (401, "identifiants-incorrects")
    shown = visitor(bench).post("/invitations/reading", token=link(bench)).json
    assert (shown["renews"], shown["has_account"]) == (True, False)
    assert problem(follow(bench, pyotp.TOTP(old).now())) == (409, "code-refuse"), "the lost application enrols nothing"
    new = shown["authenticator"]["secret"]
    assert problem(follow(bench, pyotp.TOTP(new).now(), "court")) == (422, "mot-de-passe-refuse")
    assert follow(bench, pyotp.TOTP(new).now()).json["account_id"] == his
    assert problem(follow(bench, pyotp.TOTP(new).now())) == (409, "invitation-refusee")
    opened = sign_in(bench, YVES, OTHER, new)
    assert opened.status_code == 201
    assert signed_in(bench, opened.json["token"], space="conseil").get("/me").json["hold_until"], "a mailbox alone opens nothing at once"
    assert [fact.by for fact in bench.told(AccessRearmed)] == ["link"]
    assert {"caseworker.disarmed", "caseworker.rearmed"} <= set(bench.audited())
    assert lines(bench, nadia)[YVES] == ("handle", "active")


def test_a_newer_link_kills_the_older_and_72_hours_are_its_life(bench: Bench, nadia: Actor, yves: uuid.UUID):
    rearm(bench, nadia, yves)
    older = link(bench)
    let_time_pass(bench, "2 minutes")
    assert bench.as_(nadia).post(f"/caseworkers/{yves}/link").json["state"] == "disarmed"
    let_time_pass(bench, "2 minutes")
    rearm(bench, nadia, yves)
    told = [fact.token.value for fact in bench.told(InvitationIssued)]
    assert len(set(told)) == 3
    assert [visitor(bench).post("/invitations/reading", token=token).status_code for token in told] == [409, 409, 200]
    assert visitor(bench).door.get(f"/invitations/acceptance?token={older}").status_code == 405
    new = secret(bench)
    let_time_pass(bench, "72 hours")
    assert problem(follow(bench, pyotp.TOTP(new).now())) == (409, "invitation-refusee")


def test_who_administers_is_let_in_again_by_two_others(bench: Bench, nadia: Actor):
    ines, olaf = created(bench, INES), created(bench, OLAF)
    old = secret_of(bench, INES)
    asked = rearm(bench, nadia, ines.account_id)
    assert (asked.json["state"], asked.json["rearming"]["asked_by_me"], asked.json["rearming"]["reason"]) == ("active", True, WHY)
    assert rearm(bench, olaf, ines.account_id).json["rearming"]["asked_by_me"] is False, "asked once, not twice"
    assert sign_in(bench, INES, PASSWORD, old).status_code == 201, "nothing happens yet"
    assert bench.told(InvitationIssued) == []
    assert problem(rearm(bench, nadia, ines.account_id, "/approval")) == (409, "acte-meme-personne")
    assert problem(rearm(bench, ines, ines.account_id, "/approval")) == (409, "acces-de-soi")
    assert rearm(bench, olaf, ines.account_id, "/approval").json["state"] == "disarmed"
    assert rearm(bench, olaf, ines.account_id, "/approval").status_code == 404
    assert problem(rearm(bench, ines, nadia.account_id)) == (403, "acces-refuse"), "an identity signed before opens nothing"
    assert follow(bench, pyotp.TOTP(secret(bench)).now()).status_code == 201
    assert lines(bench, nadia)[INES] == ("administer", "active")


def test_the_one_it_is_about_may_refuse(bench: Bench, nadia: Actor):
    ines = created(bench, INES)
    rearm(bench, nadia, ines.account_id)
    assert rearm(bench, ines, ines.account_id, "/refusal").json["rearming"] is None
    assert rearm(bench, nadia, ines.account_id, "/refusal").status_code == 404
    rearm(bench, nadia, ines.account_id)
    let_time_pass(bench, "73 hours")
    assert bench.as_(nadia).get("/caseworkers").json["items"][1]["rearming"] is None, "what nobody decided is over"


def test_nobody_does_it_for_herself_nor_without_administering(bench: Bench, nadia: Actor, yves: uuid.UUID):
    handler = created(bench, INES, "handle")
    assert problem(rearm(bench, nadia, nadia.account_id)) == (409, "acces-de-soi")
    assert problem(rearm(bench, nadia, uuid.uuid4())) == (404, "introuvable")
    for step in ("", "/approval", "/refusal"):
        assert problem(rearm(bench, handler, yves, step)) == (403, "acces-refuse")


def test_a_disarmed_administrator_is_not_the_one_who_remains(bench: Bench, nadia: Actor):
    ines, olaf = created(bench, INES), created(bench, OLAF)
    rearm(bench, nadia, ines.account_id)
    rearm(bench, olaf, ines.account_id, "/approval")
    assert bench.as_(nadia).put(f"/caseworkers/{olaf.account_id}/role", json={"role": "read"}).status_code == 200
    assert problem(bench.as_(nadia).post(f"/caseworkers/{nadia.account_id}/suspension")) == (409, "dernier-responsable")


def test_a_suspended_colleague_comes_back_once_reactivated(bench: Bench, nadia: Actor, yves: uuid.UUID):
    rearm(bench, nadia, yves)
    bench.as_(nadia).post(f"/caseworkers/{yves}/suspension")
    new = secret(bench)
    assert problem(follow(bench, pyotp.TOTP(new).now())) == (409, "invitation-refusee")
    bench.as_(nadia).post(f"/caseworkers/{yves}/reactivation")
    assert follow(bench, pyotp.TOTP(new).now()).status_code == 201


def test_whose_own_way_in_is_new_opens_no_door_for_a_day_and_may_close_them(bench: Bench, nadia: Actor, yves: uuid.UUID):
    held = replace(created(bench, INES), held_until=datetime.now(UTC) + timedelta(hours=3))
    door = bench.as_(held)
    refused = [
        rearm(bench, held, yves),
        door.post("/caseworkers", json={"first_name": "A", "last_name": "B", "email": "a@b.fr", "role": "administer"}),
        door.put(f"/caseworkers/{yves}/role", json={"role": "administer"}),
        door.post(f"/caseworkers/{yves}/reactivation"),
    ]
    assert [problem(answer) for answer in refused] == [(423, "action-en-attente")] * 4
    assert door.post(f"/caseworkers/{yves}/suspension").status_code == 200
    assert door.get("/caseworkers").status_code == 200


def test_the_last_administrator_is_let_in_by_an_operator(bench: Bench, nadia: Actor):
    old = secret_of(bench, NADIA)
    token = sign_in(bench, NADIA, PASSWORD, old).json["token"]
    with bench.running.working() as work:
        found = rearm_caseworker(work.for_brand("hcr"), NADIA.upper(), OTHER)
    assert ask_edge(bench, token, space="conseil").status_code == 401
    assert problem(visitor(bench, NADIA).sign_in(PASSWORD)) == (401, "identifiants-incorrects")
    assert sign_in(bench, NADIA, OTHER, old).status_code == 409
    assert sign_in(bench, NADIA, OTHER, found.secret).status_code == 201
    assert [fact.by for fact in bench.told(AccessRearmed)] == ["terminal"]
    with bench.running.working() as work, pytest.raises(ValueError, match="Aucun conseiller"):
        rearm_caseworker(work.for_brand("hcr"), "personne@gestion.example", OTHER)


def test_a_forgotten_password_is_chosen_again_with_her_application(bench: Bench, nadia: Actor):
    """S2:43, for who has her application still: the mailbox alone changes nothing."""
    her, door = secret_of(bench, NADIA), visitor(bench, NADIA)
    door.post("/password-resets", email=NADIA)
    bench.work()
    token = bench.told(PasswordLinkIssued)[-1].token.value
    for code in (None, "000000"):
        assert problem(door.post("/password-resets/use", token=token, password=OTHER, code=code)) == (409, "code-refuse")
    assert sign_in(bench, NADIA, PASSWORD, her).status_code == 201
    with bench.running.working() as work:
        work.session.execute(text("UPDATE account SET totp_step = 0"))
    assert door.post("/password-resets/use", token=token, password=OTHER, code=pyotp.TOTP(her).now()).status_code == 204
    assert [fact.how for fact in bench.told(PasswordChanged)] == ["reset"]
    assert sign_in(bench, NADIA, OTHER, her).status_code == 201


def test_no_link_to_choose_a_password_leaves_while_the_access_is_made_anew(bench: Bench, nadia: Actor, yves: uuid.UUID):
    door = visitor(bench, YVES)
    door.post("/password-resets", email=YVES)
    bench.work()
    before = bench.told(PasswordLinkIssued)[-1].token.value
    rearm(bench, nadia, yves)
    let_time_pass(bench, "2 minutes")
    door.post("/password-resets", email=YVES)
    bench.work()
    assert len(bench.told(PasswordLinkIssued)) == 1
    assert problem(door.post("/password-resets/use", token=before, password=OTHER, code="000000")) == (409, "lien-refuse")


def test_the_database_shows_no_member_s_codes_to_a_caseworker(bench: Bench, nadia: Actor, dominique: Visitor):
    dominique.come_in()
    with bench.running.working(nadia) as work:
        for table in ("code", "device", "password_reset", "recovery_code", "oidc_link"):
            assert work.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
