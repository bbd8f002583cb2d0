"""« Gestion des habilitations » (S1:122-146): who may act for a company, and who decides."""

import threading
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.actor import SYSTEM, Actor
from chassis.testing import Bench
from events.employers import HabilitationGranted, HabilitationRevoked, InvitationSent, InvitationWithdrawn, RightGained
from identifiers import invented
from services.employers import tasks
from tests.employers.people import (
    NADIA,
    OTHER,
    OTHER_SIREN,
    OTHER_SIRET,
    PAUL,
    SIREN,
    administrator,
    employer,
    entitled,
    follow,
    invite,
    line_of,
    lines,
    problem,
    register,
)

IN_A_WEEK = (date.today() + timedelta(days=7)).isoformat()


@pytest.fixture
def lucie(bench: Bench) -> Actor:
    """She administers two companies."""
    register(bench)
    register(bench, OTHER, OTHER_SIRET)
    first = administrator(bench)
    administrator(bench, OTHER_SIRET, first.account_id)
    assert first.account_id
    return entitled((SIREN, "administrator"), (OTHER_SIREN, "administrator"), account_id=first.account_id)


@pytest.fixture
def paul(bench: Bench, lucie: Actor) -> Actor:
    """He was invited as a user of one of them, and followed his link."""
    account_id = follow(bench, invite(bench, lucie, (SIREN, "user")).json["invitation_id"])
    return employer(role="user", account_id=account_id)


def promoted(bench: Bench, by: Actor, whom: Actor) -> Actor:
    """Paul becomes an administrator too."""
    answer = bench.as_(by).put(f"/habilitations/{line_of(bench, by)['id']}", json={"role": "administrator"})
    assert answer.status_code == 200, answer.json
    assert whom.account_id
    return employer(account_id=whom.account_id)


def told_last(bench: Bench, kind: Any) -> Any:
    return bench.told(kind)[-1]


def sql(bench: Bench, statement: str) -> None:
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text(statement))


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


def test_a_user_manages_nothing(bench: Bench, lucie: Actor, paul: Actor):
    """S1:130-136: « Un Utilisateur […] n'aura pas accès à cette rubrique »."""
    assert problem(bench.as_(paul).get("/habilitations")) == (403, "acces-refuse")
    assert invite(bench, paul, (SIREN, "user"), email="autre@fictive.example").status_code == 404
    hers = line_of(bench, lucie, "Lucie")["id"]
    assert bench.as_(paul).delete(f"/habilitations/{hers}").status_code == 404
    assert len(bench.told(InvitationSent)) == 1


def test_an_administrator_of_one_company_who_uses_another_has_no_act_on_it(bench: Bench, lucie: Actor):
    """S1:140: the right is set company by company."""
    account = follow(bench, invite(bench, lucie, (SIREN, "user"), (OTHER_SIREN, "administrator")).json["invitation_id"])
    paul = bench.as_(entitled((SIREN, "user"), (OTHER_SIREN, "administrator"), account_id=account))
    hers = line_of(bench, lucie, "Lucie")["id"]
    calls = [
        paul.put(f"/habilitations/{hers}", json={"role": "user"}),
        paul.post(f"/habilitations/{hers}/suspension", json={}),
        paul.delete(f"/habilitations/{hers}"),
        paul.get(f"/habilitations?siren={SIREN}"),
        paul.post("/invitations", json=PAUL | {"email": "a@b.fr", "grants": [{"siren": SIREN, "role": "user"}]}),
    ]
    assert [call.status_code for call in calls] == [404] * 5
    assert {line["siren"] for line in paul.get("/habilitations").json["items"]} == {OTHER_SIREN}


def test_a_foreign_company_and_a_missing_one_are_refused_alike(bench: Bench, lucie: Actor):
    hers_alone = employer(account_id=lucie.account_id)
    foreign, missing = (invite(bench, hers_alone, (siren, "user")) for siren in (OTHER_SIREN, invented.siren("nobody")))
    assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert bench.told(InvitationSent) == []


def test_lucie_raises_paul_and_lowers_him_again(bench: Bench, lucie: Actor, paul: Actor):
    """S1:146 « modifier son profil »."""
    promoted(bench, lucie, paul)
    assert told_last(bench, HabilitationGranted) == HabilitationGranted(account_id=paul.account_id, siren=SIREN, role="administrator")
    bench.as_(lucie).put(f"/habilitations/{line_of(bench, lucie)['id']}", json={"role": "user"})
    assert told_last(bench, HabilitationGranted).role == "user"


def test_paul_is_suspended_for_a_week_and_comes_back_by_himself(bench: Bench, lucie: Actor, paul: Actor):
    """S1:146 « désactiver provisoirement »."""
    answer = bench.as_(lucie).post(f"/habilitations/{line_of(bench, lucie)['id']}/suspension", json={"resumes_on": IN_A_WEEK})
    assert (answer.json["state"], answer.json["resumes_on"]) == ("suspended", IN_A_WEEK)
    assert told_last(bench, HabilitationRevoked).account_id == paul.account_id
    bench.work()
    assert line_of(bench, lucie)["state"] == "suspended"
    sql(bench, "UPDATE habilitation SET resumes_on = current_date WHERE state = 'suspended'")
    tomorrow(bench)
    assert line_of(bench, lucie)["state"] == "active"
    assert told_last(bench, HabilitationGranted).account_id == paul.account_id


def tomorrow(bench: Bench) -> None:
    """The worker's tasks, due again."""
    with bench.running.working(SYSTEM) as work:
        while tasks.let_time_pass(work, None):
            work.session.flush()


def test_paul_is_suspended_until_further_notice_then_reactivated(bench: Bench, lucie: Actor, paul: Actor):
    """S1:146 « désactiver définitivement », and the way back."""
    his = line_of(bench, lucie)["id"]
    assert bench.as_(lucie).post(f"/habilitations/{his}/suspension", json={}).json["resumes_on"] is None
    tomorrow(bench)
    assert line_of(bench, lucie)["state_label"] == "Suspendu"
    assert bench.as_(lucie).post(f"/habilitations/{his}/reactivation").json["state"] == "active"
    again = bench.as_(lucie).post(f"/habilitations/{his}/reactivation")
    assert problem(again) == (409, "habilitation-etat")
    assert "Actif" in again.json["detail"]


def test_a_removed_paul_may_be_invited_again(bench: Bench, lucie: Actor, paul: Actor):
    assert bench.as_(lucie).delete(f"/habilitations/{line_of(bench, lucie)['id']}").status_code == 204
    assert told_last(bench, HabilitationRevoked) == HabilitationRevoked(account_id=paul.account_id, siren=SIREN)
    again = invite(bench, lucie, (SIREN, "user"))
    follow(bench, again.json["invitation_id"], paul.account_id)
    assert line_of(bench, lucie)["state"] == "active"


def test_who_holds_something_already_is_not_invited_twice(bench: Bench, lucie: Actor, paul: Actor):
    assert problem(invite(bench, lucie, (SIREN, "user"), email="PAUL@Fictive.example")) == (409, "habilitation-existante")
    assert invite(bench, lucie, (OTHER_SIREN, "user")).status_code == 201
    assert problem(invite(bench, lucie, (OTHER_SIREN, "user"))) == (409, "habilitation-existante")


def test_the_same_person_invited_twice_at_once_is_invited_once(bench: Bench, lucie: Actor):
    statuses = at_once(*[lambda: invite(bench, lucie, (SIREN, "user")).status_code] * 6)
    assert sorted(statuses) == [201] + [409] * 5


def at_once(*acts: Any) -> list[Any]:
    """What parallel requests answer."""
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda act=act: answers.append(act())) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("act", ["suspension", "removal", "demotion"])
def test_the_last_administrator_stays(bench: Bench, lucie: Actor, paul: Actor, act: str):
    hers = line_of(bench, lucie, "Lucie")["id"]
    door = bench.as_(lucie)
    acts = {
        "suspension": lambda: door.post(f"/habilitations/{hers}/suspension", json={}),
        "removal": lambda: door.delete(f"/habilitations/{hers}"),
        "demotion": lambda: door.put(f"/habilitations/{hers}", json={"role": "user"}),
    }
    assert problem(acts[act]()) == (409, "dernier-administrateur")
    assert bench.told(HabilitationRevoked) == []
    promoted(bench, lucie, paul)
    assert acts[act]().status_code in (200, 204)


def test_two_administrators_who_remove_each_other_at_once_leave_one(bench: Bench, lucie: Actor, paul: Actor):
    paul = promoted(bench, lucie, paul)
    hers, his = line_of(bench, lucie, "Lucie")["id"], line_of(bench, lucie)["id"]
    statuses = at_once(
        lambda: bench.as_(lucie).delete(f"/habilitations/{his}").status_code,
        lambda: bench.as_(paul).delete(f"/habilitations/{hers}").status_code,
    )
    assert sorted(statuses) in ([204, 403], [204, 404], [204, 409])
    with bench.running.working(SYSTEM) as work:
        left = "SELECT count(*) FROM habilitation WHERE role = 'administrator' AND state = 'active' AND siren = :siren"
        assert work.session.scalar(text(left), {"siren": SIREN}) == 1


def test_a_right_lost_a_moment_ago_gives_no_act_any_more(bench: Bench, lucie: Actor, paul: Actor):
    """An identity signed before the loss is good for a minute: the table decides."""
    paul = promoted(bench, lucie, paul)
    bench.as_(lucie).post(f"/habilitations/{line_of(bench, lucie)['id']}/suspension", json={})
    hers = line_of(bench, lucie, "Lucie")["id"]
    assert problem(bench.as_(paul).post(f"/habilitations/{hers}/suspension", json={})) == (403, "acces-refuse")
    assert invite(bench, paul, (SIREN, "administrator"), email="complice@fictive.example").status_code == 404


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


def test_a_mandate_ends_on_its_day_and_the_last_day_is_included(bench: Bench, lucie: Actor):
    """S1:130 « tiers déclarant »: an accountant with a mandate until a date."""
    invitation = invite(bench, lucie, (SIREN, "user"), ends_on=IN_A_WEEK).json["invitation_id"]
    accountant = follow(bench, invitation)
    assert line_of(bench, lucie)["ends_on"] == IN_A_WEEK
    sql(bench, f"UPDATE habilitation SET ends_on = (now() AT TIME ZONE 'Europe/Paris')::date WHERE account_id = '{accountant}'")
    tomorrow(bench)
    assert bench.told(HabilitationRevoked) == []
    sql(bench, f"UPDATE habilitation SET ends_on = ends_on - 1 WHERE account_id = '{accountant}'")
    tomorrow(bench)
    assert [fact.account_id for fact in bench.told(HabilitationRevoked)] == [accountant]
    assert [line["first_name"] for line in lines(bench, lucie, f"?siren={SIREN}")] == ["Lucie"]


def test_the_list_turns_its_pages_without_a_gap(bench: Bench, lucie: Actor, paul: Actor):
    whole = [line["id"] for line in lines(bench, lucie)]
    seen, after = [], ""
    while after is not None:
        page = bench.as_(lucie).get(f"/habilitations?limit=1{after and f'&after={after}'}").json
        seen += [line["id"] for line in page["items"]]
        after = page["next"]
    assert seen == whole
    assert len(whole) == 3


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


def test_a_return_in_the_past_is_refused(bench: Bench, lucie: Actor, paul: Actor):
    answer = bench.as_(lucie).post(f"/habilitations/{line_of(bench, lucie)['id']}/suspension", json={"resumes_on": "2020-01-01"})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "resumes_on")


def test_an_invitation_that_is_not_ours_gives_nothing(bench: Bench, lucie: Actor):
    before = len(bench.told(HabilitationGranted))
    follow(bench, uuid4())
    follow(bench, UUID(int=0))
    assert len(bench.told(HabilitationGranted)) == before
    assert bench.audited()[-1] == "invitation.unknown"
    assert bench.parked() == []


def test_caseworkers_read_the_habilitations_of_a_company_but_manage_none(bench: Bench, lucie: Actor):
    assert len(bench.as_(NADIA).get(f"/companies/{SIREN}/habilitations").json["items"]) == 1
    assert bench.as_(NADIA).get("/habilitations").status_code == 403
