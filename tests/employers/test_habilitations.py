"""« Gestion des habilitations » (S1:122-146): who may act for a company, and who decides."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from chassis.actor import SYSTEM, Actor
from chassis.testing import Bench
from events.employers import HabilitationGranted, HabilitationRevoked, InvitationSent
from tests.employers.people import (
    NADIA,
    OTHER_SIREN,
    PAUL,
    SIREN,
    at_once,
    entitled,
    follow,
    invite,
    line_of,
    lines,
    problem,
    promoted,
    sql,
    told_last,
    tomorrow,
)

IN_A_WEEK = (date.today() + timedelta(days=7)).isoformat()


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


def test_a_return_in_the_past_is_refused(bench: Bench, lucie: Actor, paul: Actor):
    answer = bench.as_(lucie).post(f"/habilitations/{line_of(bench, lucie)['id']}/suspension", json={"resumes_on": "2020-01-01"})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "resumes_on")


def test_caseworkers_read_the_habilitations_of_a_company_but_manage_none(bench: Bench, lucie: Actor):
    assert len(bench.as_(NADIA).get(f"/companies/{SIREN}/habilitations").json["items"]) == 1
    assert bench.as_(NADIA).get("/habilitations").status_code == 403
