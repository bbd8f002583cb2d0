"""A form that stays on its way: reminders by the calendar, pauses, another address, letters that come back (S1:210-249)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.actor import SYSTEM, Actor
from chassis.ids import uuid7
from events.affiliation import Relaunched
from events.messaging import NoticeUndelivered
from services.affiliation.actions import reminders
from tests.affiliation.people import CASEY, CHARLIE, DOMINIQUE, HELENE, TODAY, VICTOR, House

HANDLER = Actor(kind="caseworker", brand="hcr", space="conseil", account_id=CASEY.account_id, grants={"platform": "handle"})
BOTH = DOMINIQUE | {"address": "2 rue des Halles\n75001 PARIS"}


def after_days(house: House, days: float) -> int:
    """The timer, some days from now."""
    with house.bench.running.working(SYSTEM, now=datetime.now(UTC) + timedelta(days=days)) as work:
        return reminders.remind(work)


def bounced(house: House, affiliation_id: str, channel: str = "email") -> None:
    fact = NoticeUndelivered(
        notice_id=uuid7(), about=f"affiliation:{affiliation_id}", template="affiliation_link", channel=channel, reason="refused_address"
    )
    house.bench.tell(fact)


def test_the_platform_reminds_on_the_brand_s_days_and_no_more(house: House) -> None:
    house.declared()
    assert [after_days(house, days) for days in (6.9, 7.1, 7.2, 20, 21.1, 45.1, 80)] == [0, 1, 0, 0, 1, 1, 0]
    assert len(house.bench.told(Relaunched)) == 3


def test_a_reminder_waits_when_helene_has_just_relaunched(house: House) -> None:
    affiliation_id = house.declared()
    assert house.as_(HELENE).post(f"/affiliations/{affiliation_id}/relaunch").status_code == 200
    line = house.as_(HELENE).get(f"/affiliations/{affiliation_id}").json
    assert datetime.fromisoformat(line["remind_at"]) > datetime.now(UTC) + timedelta(days=6)


def test_a_pause_is_dated_reasoned_and_ends_by_itself(house: House) -> None:
    affiliation_id = house.declared()
    client = house.as_(HELENE, on=datetime.now(UTC).date())
    until = datetime.now(UTC).date() + timedelta(days=30)
    paused = client.post(f"/affiliations/{affiliation_id}/pause", json={"until_on": until.isoformat(), "reason": "Congé maternité"})
    assert (paused.status_code, paused.json["paused_until"]) == (200, until.isoformat())
    assert paused.json["history"][-1]["reason"] == "Congé maternité"
    assert "resume" in [action["verb"] for action in paused.json["actions"]]
    assert [after_days(house, days) for days in (7.1, 29)] == [0, 0]
    assert after_days(house, 31.5) == 1


def test_a_pause_that_is_resumed_lets_the_reminder_leave(house: House) -> None:
    affiliation_id = house.declared()
    client = house.as_(HELENE)
    client.post(f"/affiliations/{affiliation_id}/pause", json={"until_on": str(TODAY + timedelta(days=30)), "reason": "x"})
    assert client.post(f"/affiliations/{affiliation_id}/resume").json["paused_until"] is None
    assert after_days(house, 7.1) == 1


@pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=61), date.max])
def test_a_pause_has_its_bounds(house: House, until: date) -> None:
    refused = house.as_(HELENE).post(f"/affiliations/{house.declared()}/pause", json={"until_on": until.isoformat(), "reason": "x"})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "until_on")


def test_another_address_takes_the_form_and_kills_the_older_link(house: House) -> None:
    affiliation_id = house.declared(CHARLIE)
    answer = house.as_(HELENE).post(f"/affiliations/{affiliation_id}/contact", json={"email": "charlie@exemple.fr"})
    assert (answer.status_code, answer.json["medium_label"]) == (200, "Email")
    [fact] = house.bench.told(Relaunched)
    assert (fact.medium, fact.email.value) == ("email", "charlie@exemple.fr")
    empty = house.as_(HELENE).post(f"/affiliations/{affiliation_id}/contact", json={})
    assert (empty.status_code, empty.json["errors"][0]["field"]) == (422, "email")


def test_a_bounced_email_becomes_a_letter_when_the_address_is_known(house: House) -> None:
    affiliation_id = house.declared(BOTH)
    bounced(house, affiliation_id)
    [fact] = house.bench.told(Relaunched)
    assert (fact.medium, fact.address.value) == ("post", "2 rue des Halles\n75001 PARIS")
    line = house.as_(HELENE).get(f"/affiliations/{affiliation_id}").json
    assert (line["medium_label"], [move["verb"] for move in line["history"]][-2:]) == ("Courrier postal", ["report_undelivered", "resend"])


def test_a_bounced_email_without_address_is_shown_and_no_longer_reminded(house: House) -> None:
    affiliation_id = house.declared(DOMINIQUE)
    bounced(house, affiliation_id)
    bounced(house, affiliation_id, channel="post")
    assert house.as_(HELENE).get(f"/affiliations/{affiliation_id}").json["undelivered"] is True
    assert after_days(house, 8) == 0
    fixed = house.as_(HELENE).post(f"/affiliations/{affiliation_id}/contact", json={"email": "dominique@ailleurs.fr"})
    assert fixed.json["undelivered"] is False


def test_a_bounce_about_somebody_else_changes_nothing(house: House) -> None:
    bounced(house, str(uuid7()))
    assert house.bench.parked() == []


def test_a_returned_letter_is_registered_by_a_caseworker_who_handles(house: House) -> None:
    affiliation_id = house.declared(CHARLIE)
    said = {"reason": "Destinataire inconnu à l'adresse"}
    assert house.as_(CASEY).post(f"/affiliations/{affiliation_id}/undelivered", json=said).status_code == 403
    assert house.as_(HELENE).post(f"/affiliations/{affiliation_id}/undelivered", json=said).status_code == 403
    answer = house.as_(HANDLER).post(f"/affiliations/{affiliation_id}/undelivered", json=said)
    assert (answer.status_code, answer.json["undelivered"], answer.json["history"][-1]["by_label"]) == (200, True, "Gestionnaire")


def test_a_form_sent_by_post_though_an_email_is_known_leaves_by_post(house: House) -> None:
    affiliation_id = house.declared(DOMINIQUE)
    answer = house.as_(HELENE).post(f"/affiliations/{affiliation_id}/contact", json={"address": "2 rue des Halles\n75001 PARIS"})
    [fact] = house.bench.told(Relaunched)
    assert (answer.json["medium_label"], fact.medium, fact.email) == ("Courrier postal", "post", None)
    house.as_(HANDLER).post(f"/affiliations/{affiliation_id}/undelivered", json={"reason": "NPAI"})
    [_letter, mail] = house.bench.told(Relaunched)
    line = house.as_(HELENE).get(f"/affiliations/{affiliation_id}").json
    assert (mail.medium, mail.email.value, line["undelivered"]) == ("email", "dominique@exemple.fr", False)
    assert after_days(house, 8) == 1, "what reaches her again is reminded again"


def test_a_letter_that_comes_back_late_says_nothing_of_the_email(house: House) -> None:
    affiliation_id = house.declared(CHARLIE)
    house.as_(HELENE).post(f"/affiliations/{affiliation_id}/contact", json={"email": "charlie@exemple.fr"})
    late = house.as_(HANDLER).post(f"/affiliations/{affiliation_id}/undelivered", json={"reason": "NPAI"})
    assert (late.json["undelivered"], late.json["history"][-1]["verb"]) == (False, "report_undelivered")


def test_the_email_that_the_person_gave_bounces_and_the_employer_s_is_tried_again(house: House) -> None:
    affiliation_id, dominique = house.started(DOMINIQUE)
    dominique.put("/journey/draft", json={"email": "domi@exemlpe.fr"})
    bounced(house, affiliation_id)
    assert [fact.email.value for fact in house.bench.told(Relaunched)] == ["dominique@exemple.fr"]


def test_victor_pauses_and_redirects_nothing_of_helene_s(house: House) -> None:
    affiliation_id = house.declared()
    for verb, body in (("pause", {"until_on": "2026-03-01", "reason": "x"}), ("resume", None), ("contact", {"email": "v@exemple.fr"})):
        assert house.as_(VICTOR).post(f"/affiliations/{affiliation_id}/{verb}", json=body).status_code == 404
