"""One more company in the perimeter (S1:154-166): SIRET and code, and never a right for two printed numbers alone."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from werkzeug.test import TestResponse

from chassis.actor import SYSTEM, Actor
from chassis.testing import Bench
from events.employers import ActivationRequested, HabilitationGranted, RightGained
from identifiers import invented
from tests.employers.people import (
    NADIA,
    OTHER,
    OTHER_SIREN,
    OTHER_SIRET,
    PAUL,
    SIREN,
    SIRET,
    activated,
    administrator,
    asked,
    employer,
    follow,
    invite,
    line_of,
    problem,
    register,
)

PAIR = {"siret": OTHER_SIRET, "identifier": "HCR-999999"}


@pytest.fixture
def lucie(bench: Bench) -> Actor:
    """She administers her company; another one is in the portfolio, and nobody administers it yet."""
    register(bench)
    register(bench, OTHER, OTHER_SIRET)
    return administrator(bench)


def ask(bench: Bench, who: Actor, **pair: str | None) -> TestResponse:
    answer = bench.as_(who).post("/scope-requests", json=PAIR | pair)
    bench.work()
    return answer


def states(bench: Bench, who: Actor) -> list[str]:
    """What somebody is told of her requests, oldest first."""
    return [item["state"] for item in reversed(bench.as_(who).get("/scope-requests").json["items"])]


def test_a_company_nobody_administers_asks_its_contact_as_the_first_time(bench: Bench, lucie: Actor):
    """S1:158-166: the pair is right, a code goes to the contact on file, and only then does Lucie administer it."""
    answer = ask(bench, lucie)
    assert (answer.status_code, answer.json["state"]) == (202, "waiting")
    told = bench.told(ActivationRequested)[-1]
    assert (str(told.activation_id), told.siren) == (answer.json["id"], OTHER_SIREN)
    assert (told.contact_email and told.contact_email.value, told.email.value) == ("compta@fictive.example", "lucie@fictive.example")
    assert states(bench, lucie) == ["asked"]
    assert len(bench.told(HabilitationGranted)) == 1
    bench.tell(activated(told.activation_id, OTHER_SIREN, lucie.account_id))
    assert bench.told(HabilitationGranted)[-1] == HabilitationGranted(account_id=lucie.account_id, siren=OTHER_SIREN, role="administrator")
    assert states(bench, lucie) == ["used"]


def test_the_code_of_lucies_request_gives_nothing_to_another_account(bench: Bench, lucie: Actor):
    ask(bench, lucie)
    bench.tell(activated(bench.told(ActivationRequested)[-1].activation_id, OTHER_SIREN))
    assert len(bench.told(HabilitationGranted)) == 1
    assert bench.audited()[-1] == "activation.unknown"


def test_a_company_that_is_administered_asks_its_administrators(bench: Bench, lucie: Actor):
    """Lucie is a user there once Ada approves, and Ada is told at once."""
    ada = administrator(bench, OTHER_SIRET, email="ada@autre.example")
    codes = len(bench.told(ActivationRequested))
    ask(bench, lucie)
    assert len(bench.told(ActivationRequested)) == codes, "no code leaves"
    (told,) = bench.told(RightGained)
    assert (told.account_id, told.administrators, told.pending, told.role) == (lucie.account_id, (ada.account_id,), True, "user")
    assert states(bench, lucie) == ["requested"]
    with bench.running.working(SYSTEM) as work:
        waiting = "SELECT account_id FROM habilitation WHERE state = 'requested'"
        (account,) = work.session.scalars(text(waiting))
    his = next(item for item in bench.as_(ada).get("/habilitations").json["items"] if item["account_id"] == str(account))
    assert (his["state_label"], [step["label"] for step in his["possible"]]) == (
        "À approuver",
        ["Approuvez la demande", "Refusez la demande"],
    )
    assert bench.as_(ada).post(f"/habilitations/{his['id']}/approval").json["state"] == "active"
    assert bench.told(HabilitationGranted)[-1] == HabilitationGranted(account_id=lucie.account_id, siren=OTHER_SIREN, role="user")


def test_a_request_may_be_refused(bench: Bench, lucie: Actor):
    ada = administrator(bench, OTHER_SIRET, email="ada@autre.example")
    ask(bench, lucie)
    pending = next(item for item in bench.as_(ada).get("/habilitations").json["items"] if item["state"] == "requested")
    granted = len(bench.told(HabilitationGranted))
    assert bench.as_(ada).delete(f"/habilitations/{pending['id']}").status_code == 204
    assert len(bench.told(HabilitationGranted)) == granted


def test_the_siren_is_enough_where_the_brand_takes_it(bench: Bench, lucie: Actor):
    """S1:90 « l'ID Assureur et le SIRET/SIREN »."""
    ask(bench, lucie, siret=None, siren=OTHER_SIREN)
    assert states(bench, lucie) == ["asked"]


def test_every_wrong_case_is_told_alike(bench: Bench, lucie: Actor):
    """A wrong code, an unknown number, another brand's company, a company one has already: nobody learns which."""
    foreign = {**OTHER, "siren": invented.siren("klesia"), "brand": "klesia-pro"}
    register(bench, foreign, invented.siret("klesia"))
    cases = [
        {"identifier": "FAUX-0000"},
        {"siret": invented.siret("personne")},
        {"siret": invented.siret("klesia"), "identifier": foreign["identifier"]},
        {"siret": SIRET, "identifier": "HCR-123456"},
    ]
    answers = [ask(bench, lucie, **case) for case in cases]
    assert {answer.status_code for answer in answers} == {202}
    assert states(bench, lucie) == ["refused"] * 4
    assert len({item["state_label"] for item in bench.as_(lucie).get("/scope-requests").json["items"]}) == 1


def test_five_wrong_pairs_shut_a_company_for_a_day_whichever_numbers_were_typed(bench: Bench, lucie: Actor):
    for number in range(2):
        asked(bench, f"198.51.100.{number}", siret=OTHER_SIRET, identifier=f"FAUX-{number}")
    for number in range(3):
        ask(bench, lucie, siret=None, siren=OTHER_SIREN, identifier=f"FAUX-1{number}")
    codes = len(bench.told(ActivationRequested))
    ask(bench, lucie)
    assert len(bench.told(ActivationRequested)) == codes
    assert states(bench, lucie)[-1] == "refused"


def test_five_wrong_pairs_of_one_account_shut_every_company_to_it(bench: Bench, lucie: Actor):
    for number in range(5):
        ask(bench, lucie, siret=invented.siret(f"hasard-{number}"))
    codes = len(bench.told(ActivationRequested))
    ask(bench, lucie)
    assert len(bench.told(ActivationRequested)) == codes


def test_the_eleventh_try_of_an_account_in_an_hour_is_told_to_wait(bench: Bench, lucie: Actor):
    answers = [bench.as_(lucie).post("/scope-requests", json=PAIR) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429]


def test_asking_twice_makes_one_request(bench: Bench, lucie: Actor):
    ada = administrator(bench, OTHER_SIRET, email="ada@autre.example")
    ask(bench, lucie)
    ask(bench, lucie)
    assert states(bench, lucie) == ["requested", "refused"]
    assert len([item for item in bench.as_(ada).get("/habilitations").json["items"] if item["state"] == "requested"]) == 1


def test_a_company_whose_only_administrator_comes_back_on_a_day_does_not_open_by_its_contact(bench: Bench, lucie: Actor):
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("UPDATE habilitation SET state = 'suspended', resumes_on = current_date + 7"))
    assert asked(bench)[1:] == []


def test_a_company_that_opens_again_leaves_outside_whom_a_colleague_had_suspended(bench: Bench, lucie: Actor):
    paul = follow(bench, invite(bench, lucie, (SIREN, "administrator")).json["invitation_id"])
    his = line_of(bench, lucie)["id"]
    assert bench.as_(lucie).post(f"/habilitations/{his}/suspension", json={}).status_code == 200
    with bench.running.working(SYSTEM) as work:  # Lucie's mandate ends
        work.session.execute(
            text("UPDATE habilitation SET state = 'revoked', revoked_at = now() WHERE account_id = :id"), {"id": lucie.account_id}
        )
    request = asked(bench, "198.51.100.251", email="ada@fictive.example")[-1]
    bench.tell(activated(request.activation_id, email="ada@fictive.example"))
    assert line_of(bench, employer(account_id=paul), "Paul")["state"] == "suspended"
    again = asked(bench, "198.51.100.252", email=PAUL["email"])
    assert again[-1].activation_id == request.activation_id, "Ada administers it now"


def test_a_company_whose_last_mandate_ended_opens_again_by_its_contact(bench: Bench, lucie: Actor):
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("UPDATE habilitation SET state = 'revoked', revoked_at = now()"))
    assert len(asked(bench)) == 2


def test_a_user_asks_too_and_nobody_sees_the_requests_of_another(bench: Bench, lucie: Actor):
    paul = employer(role="user", account_id=follow(bench, invite(bench, lucie, (SIREN, "user")).json["invitation_id"]))
    ask(bench, lucie)
    assert states(bench, paul) == []
    with bench.running.begin(paul).session as session:
        assert session.scalar(text("SELECT count(*) FROM activation_request")) == 0
    with bench.running.begin(lucie).session as session:
        assert session.scalar(text("SELECT count(*) FROM activation_request")) == 1


def test_whoever_changed_a_way_in_waits_a_day(bench: Bench, lucie: Actor):
    held = replace(lucie, held_until=datetime.now(UTC) + timedelta(hours=3))
    assert problem(bench.as_(held).post("/scope-requests", json=PAIR)) == (423, "action-en-attente")
    assert problem(invite(bench, held, (SIREN, "user"))) == (423, "action-en-attente")
    hers = line_of(bench, lucie, "Lucie")["id"]
    assert problem(bench.as_(held).post(f"/habilitations/{hers}/suspension", json={})) == (423, "action-en-attente")


@pytest.mark.parametrize("changes", [{"siret": None}, {"siren": OTHER_SIREN}, {"siret": "12345678200011"}, {"identifier": ""}])
def test_what_cannot_be_read_is_refused(bench: Bench, lucie: Actor, changes: dict[str, str | None]):
    assert ask(bench, lucie, **changes).status_code == 422


def test_a_caseworker_has_no_perimeter_to_add_to(bench: Bench):
    assert bench.as_(NADIA).post("/scope-requests", json=PAIR).status_code == 403
