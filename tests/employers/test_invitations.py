"""Invitations of an administrator (S1:138-146): sent, sent again, withdrawn, followed, and dead with the right of who sent them."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.actor import SYSTEM, Actor
from chassis.testing import Bench
from events.employers import HabilitationGranted, InvitationSent, InvitationWithdrawn, RightGained
from identifiers import invented
from tests.employers.people import (
    OTHER_SIREN,
    PAUL,
    SIREN,
    at_once,
    employer,
    follow,
    invite,
    line_of,
    lines,
    problem,
    promoted,
    sql,
)


def test_lucie_invites_paul_to_two_companies_with_a_right_on_each(bench: Bench, lucie: Actor):
    """S1:138-141: the form, the companies, a right on each; an e-mail with a link goes out."""
    answer = invite(bench, lucie, (SIREN, "user"), (OTHER_SIREN, "administrator"))
    assert answer.status_code == 201
    (told,) = bench.told(InvitationSent)
    assert (told.email.value, told.companies, told.reminder) == ("paul@fictive.example", 2, False)
    assert set(told.company_names) == {"SOCIETE FICTIVE", "AUTRE MAISON"}
    assert told.inviter is not None
    assert told.inviter.value == "Lucie MARTIN"
    assert told.expires_at.isoformat() == answer.json["expires_at"]
    his = [line for line in lines(bench, lucie) if line["email"] == PAUL["email"]]
    waiting = [(line["siren"], line["role"], line["state_label"]) for line in his]
    assert sorted(waiting) == sorted([(SIREN, "user", "Invité"), (OTHER_SIREN, "administrator", "Invité")])
    assert bench.audited()[-1] == "invitation.sent"


def test_paul_follows_his_link_and_gets_his_companies_and_lucie_is_told(bench: Bench, lucie: Actor):
    """S1:141."""
    invitation = invite(bench, lucie, (SIREN, "user"), (OTHER_SIREN, "administrator")).json["invitation_id"]
    paul = follow(bench, invitation)
    granted = [(fact.siren, fact.role) for fact in bench.told(HabilitationGranted) if fact.account_id == paul]
    assert sorted(granted) == sorted([(SIREN, "user"), (OTHER_SIREN, "administrator")])
    gained = [fact for fact in bench.told(RightGained) if fact.account_id == paul]
    assert [fact.administrators for fact in gained] == [(lucie.account_id,)] * 2
    assert line_of(bench, lucie)["state"] == "active"
    assert bench.parked() == []
    follow(bench, invitation, uuid4())
    assert len(bench.told(HabilitationGranted)) == 4, "a link gives its companies once"


def test_a_foreign_company_and_a_missing_one_are_refused_alike(bench: Bench, lucie: Actor):
    hers_alone = employer(account_id=lucie.account_id)
    foreign, missing = (invite(bench, hers_alone, (siren, "user")) for siren in (OTHER_SIREN, invented.siren("nobody")))
    assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert bench.told(InvitationSent) == []


def test_who_holds_something_already_is_not_invited_twice(bench: Bench, lucie: Actor, paul: Actor):
    assert problem(invite(bench, lucie, (SIREN, "user"), email="PAUL@Fictive.example")) == (409, "habilitation-existante")
    assert invite(bench, lucie, (OTHER_SIREN, "user")).status_code == 201
    assert problem(invite(bench, lucie, (OTHER_SIREN, "user"))) == (409, "habilitation-existante")


def test_the_same_person_invited_twice_at_once_is_invited_once(bench: Bench, lucie: Actor):
    statuses = at_once(*[lambda: invite(bench, lucie, (SIREN, "user")).status_code] * 6)
    assert sorted(statuses) == [201] + [409] * 5


@pytest.mark.parametrize("loss", ["suspension", "demotion", "removal"])
def test_the_invitations_of_who_lost_the_right_die(bench: Bench, lucie: Actor, paul: Actor, loss: str):
    """An ex-member keeps no door open behind him."""
    paul = promoted(bench, lucie, paul)
    answer = invite(bench, paul, (SIREN, "administrator"), email="complice@fictive.example")
    his, door = line_of(bench, lucie)["id"], bench.as_(lucie)
    {
        "suspension": lambda: door.post(f"/habilitations/{his}/suspension", json={}),
        "demotion": lambda: door.put(f"/habilitations/{his}", json={"role": "user"}),
        "removal": lambda: door.delete(f"/habilitations/{his}"),
    }[loss]()
    assert [str(fact.invitation_id) for fact in bench.told(InvitationWithdrawn)] == [answer.json["invitation_id"]]
    before = len(bench.told(HabilitationGranted))
    follow(bench, answer.json["invitation_id"], uuid4(), "complice@fictive.example")
    assert len(bench.told(HabilitationGranted)) == before


def test_a_link_is_sent_again_but_not_without_end(bench: Bench, lucie: Actor):
    """S1:146 « lui renvoyer un lien de création de mot de passe »."""
    invite(bench, lucie, (SIREN, "user"))
    his, door = line_of(bench, lucie)["id"], bench.as_(lucie)
    hasty = door.post(f"/habilitations/{his}/link")
    assert problem(hasty) == (429, "trop-de-demandes")
    assert 0 < int(hasty.headers["Retry-After"]) <= 601
    for _ in range(4):
        sql(bench, "UPDATE invitation SET sent_at = sent_at - interval '11 minutes'")
        assert door.post(f"/habilitations/{his}/link").status_code == 200
    sql(bench, "UPDATE invitation SET sent_at = sent_at - interval '11 minutes'")
    assert problem(door.post(f"/habilitations/{his}/link")) == (409, "lien-trop-renvoye")
    assert [fact.reminder for fact in bench.told(InvitationSent)] == [False, True, True, True, True]


def test_an_invitation_expires_after_72_hours_and_a_new_link_revives_it(bench: Bench, lucie: Actor):
    invite(bench, lucie, (SIREN, "user"))
    sql(bench, "UPDATE invitation SET sent_at = sent_at - interval '73 hours', expires_at = expires_at - interval '73 hours'")
    line = line_of(bench, lucie)
    assert (line["state"], line["state_label"]) == ("expired", "Invitation expirée")
    assert [step["verb"] for step in line["possible"]] == ["resend", "revoke"]
    assert bench.as_(lucie).post(f"/habilitations/{line['id']}/link").json["state"] == "invited"


def test_a_withdrawn_invitation_opens_nothing_and_forgets_the_person(bench: Bench, lucie: Actor):
    answer = invite(bench, lucie, (SIREN, "user"), (OTHER_SIREN, "user"))
    for line in [line for line in lines(bench, lucie) if line["state"] == "invited"]:
        assert bench.told(InvitationWithdrawn) == []
        bench.as_(lucie).delete(f"/habilitations/{line['id']}")
    assert [str(fact.invitation_id) for fact in bench.told(InvitationWithdrawn)] == [answer.json["invitation_id"]]
    with bench.running.working(SYSTEM) as work:
        assert work.session.execute(text("SELECT email, first_name FROM invitation")).all() == [(None, None)]


def test_one_account_does_not_write_to_the_whole_world(bench: Bench, lucie: Actor):
    assert invite(bench, lucie, (SIREN, "user")).status_code == 201
    sql(bench, "UPDATE invitation SET sendings = 100")
    assert problem(invite(bench, lucie, (SIREN, "user"), email="autre@fictive.example")) == (429, "trop-de-demandes")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"grants": []}, "grants"),
        ({"grants": [{"siren": SIREN, "role": "roi"}]}, "grants.0.role"),
        ({"grants": [{"siren": SIREN, "role": "user", "ends_on": "2020-01-01"}]}, "ends_on"),
        ({"grants": [{"siren": SIREN, "role": "user"}, {"siren": SIREN, "role": "user"}]}, "grants"),
        ({"email": "paul"}, "email"),
        ({"first_name": "\x00"}, "first_name"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_an_invitation_that_cannot_be_read_is_refused_by_its_field(bench: Bench, lucie: Actor, body: dict[str, Any], field: str):
    whole = {"first_name": "P", "last_name": "E", "email": "p@e.fr", "grants": [{"siren": SIREN, "role": "user"}]} | body
    answer = bench.as_(lucie).post("/invitations", json=whole)
    assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, [field])
    assert bench.told(InvitationSent) == []


def test_an_invitation_that_is_not_ours_gives_nothing(bench: Bench, lucie: Actor):
    before = len(bench.told(HabilitationGranted))
    follow(bench, uuid4())
    follow(bench, UUID(int=0))
    assert len(bench.told(HabilitationGranted)) == before
    assert bench.audited()[-1] == "invitation.unknown"
    assert bench.parked() == []
