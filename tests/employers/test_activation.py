"""Lucie activates her company's space (S1:50-90): the same answer for all, a code to the contact on file, then a habilitation."""

import json
import threading
import time
from collections.abc import Callable
from statistics import median
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis import run
from chassis.actor import SYSTEM
from chassis.testing import Bench
from events.employers import ActivationRequested, HabilitationGranted
from services.employers.models import ActivationRequest
from tests.employers.people import COMPANY, OTHER, OTHER_SIREN, OTHER_SIRET, PAIR, SIREN, activated, asked, employer, register, visitor


def states(bench: Bench) -> list[str]:
    with bench.running.working(SYSTEM) as work:
        return list(work.session.scalars(text("SELECT state FROM activation_request ORDER BY id")))


def test_the_help_names_the_identifier_as_each_insurer_prints_it(bench: Bench):
    insurers = visitor(bench).get("/activation-help").json["insurers"]
    assert [(one["key"], one["name"], one["label"]) for one in insurers] == [
        ("klesia", "KLESIA", "Numéro entreprise"),
        ("malakoff_humanis", "MALAKOFF HUMANIS", "Numéro d'adhérent"),
    ]
    assert all("courriers" in one["help"] for one in insurers)


def test_a_visitor_of_no_brand_gets_no_help_and_no_activation(bench: Bench):
    nowhere = visitor(bench, brand="")
    assert nowhere.get("/activation-help").status_code == 404
    assert nowhere.post("/activations", json=PAIR).status_code == 404


def test_the_right_pair_sends_a_code_to_the_contact_on_file_only(bench: Bench):
    register(bench)
    (told,) = asked(bench, identifier="hcr 123456")
    assert told.contact_email is not None
    assert (told.contact_email.value, told.email.value, told.phone and told.phone.value) == (
        "compta@fictive.example", "lucie@fictive.example", "+33639980000",
    )  # fmt: skip
    assert told.siren == SIREN
    assert told.contact_address is None


def test_a_company_without_e_mail_gets_a_letter(bench: Bench):
    register(bench, {**COMPANY, "contact_email": None, "contact_address": "1 RUE DU TEST\n69003 LYON"})
    (told,) = asked(bench)
    assert told.contact_email is None
    assert told.contact_address is not None
    assert told.contact_address.value == "1 RUE DU TEST\n69003 LYON"


def test_the_answer_is_the_same_for_a_right_pair_a_wrong_one_an_unknown_company_and_an_active_one(bench: Bench):
    register(bench)
    register(bench, OTHER, OTHER_SIRET)
    (told, *_) = asked(bench, siret=OTHER_SIRET, identifier="HCR-999999")
    bench.tell(activated(told.activation_id, OTHER_SIREN))
    pairs = [
        PAIR,
        {**PAIR, "identifier": "FAUX-0000"},
        {**PAIR, "siret": "73282932000074"},
        {**PAIR, "siret": OTHER_SIRET, "identifier": "HCR-999999"},
    ]
    answers = [visitor(bench, "192.0.2.7").post("/activations", json=pair) for pair in pairs]
    shown = {json.dumps({**answer.json, "activation_id": "…"}) for answer in answers}
    assert ({answer.status_code for answer in answers}, len(shown)) == ({202}, 1)
    assert len({answer.content_length for answer in answers}) == 1
    bench.work()
    assert states(bench) == ["used", "asked", "wrong", "wrong", "already_active"]
    assert len(bench.told(ActivationRequested)) == 2


def test_a_pair_of_another_brand_is_a_wrong_pair(bench: Bench):
    register(bench)
    assert visitor(bench, brand="klesia-pro").post("/activations", json=PAIR).status_code == 202
    bench.work()
    assert states(bench) == ["wrong"]


def test_lucie_becomes_administrator_and_reads_her_habilitation(bench: Bench):
    register(bench)
    (told,) = asked(bench)
    fact = activated(told.activation_id)
    bench.tell(fact)
    assert bench.told(HabilitationGranted) == [HabilitationGranted(account_id=fact.account_id, siren=SIREN, role="administrator")]
    lucie = bench.as_(employer(account_id=fact.account_id))
    (row,) = lucie.get(f"/companies/{SIREN}/habilitations").json["items"]
    assert (row["first_name"], row["last_name"], row["role"]) == ("Lucie", "MARTIN", "administrator")
    assert lucie.get("/companies").json["items"][0]["activated"] is True
    assert bench.audited()[-2:] == ["activation.asked", "habilitation.granted"]
    assert bench.parked() == []


def test_the_same_activation_told_again_after_a_restore_grants_once(bench: Bench):
    register(bench)
    (told,) = asked(bench)
    fact = activated(told.activation_id)
    bench.tell(fact)
    bench.tell(fact)
    assert len(bench.told(HabilitationGranted)) == 1
    assert bench.parked() == []


def test_two_colleagues_who_both_prove_the_contact_are_both_administrators(bench: Bench):
    register(bench)
    first, second = asked(bench) and asked(bench, email="paul@fictive.example")
    bench.tell(activated(first.activation_id), activated(second.activation_id))
    assert len(bench.told(HabilitationGranted)) == 2


@pytest.mark.parametrize("lie", ["unknown", "foreign_company", "another_account", "wrong_pair", "not_a_company"])
def test_an_activation_that_is_not_ours_opens_nothing(bench: Bench, lie: str):
    register(bench)
    register(bench, OTHER, OTHER_SIRET)
    (told,) = asked(bench)
    bench.tell(activated(told.activation_id))
    answer = visitor(bench).post("/activations", json={**PAIR, "identifier": "FAUX-0000"})
    bench.work()
    lies = {
        "unknown": activated(uuid4()),
        "foreign_company": activated(told.activation_id, OTHER_SIREN),
        "another_account": activated(told.activation_id),
        "wrong_pair": activated(UUID(answer.json["activation_id"])),
        "not_a_company": activated(told.activation_id, "x' OR 1=1"),
    }
    bench.tell(lies[lie])
    assert len(bench.told(HabilitationGranted)) == 1
    assert bench.audited()[-1] == "activation.unknown"
    assert bench.parked() == []


def test_a_member_s_activation_is_none_of_our_business(bench: Bench):
    register(bench)
    (told,) = asked(bench)
    bench.tell(activated(told.activation_id, kind="member"))
    assert bench.told(HabilitationGranted) == []


def test_the_sixth_pair_on_a_siret_is_worth_nothing_even_when_right(bench: Bench):
    register(bench)
    for number in range(5):
        asked(bench, f"198.51.100.{number}", identifier=f"FAUX-000{number}")
    assert asked(bench, "198.51.100.9") == []
    assert states(bench) == ["wrong"] * 5 + ["blocked"]


def test_a_day_later_the_right_pair_is_heard_again(bench: Bench):
    register(bench)
    for number in range(5):
        asked(bench, f"198.51.100.{number}", identifier=f"FAUX-000{number}")
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("UPDATE activation_request SET asked_at = asked_at - interval '24 hours'"))
    assert len(asked(bench)) == 1


def test_the_contact_on_file_is_not_flooded_with_codes(bench: Bench):
    register(bench)
    for number in range(6):
        asked(bench, f"198.51.100.{number}")
    assert states(bench) == ["asked"] * 5 + ["blocked"]


def test_the_eleventh_try_of_a_network_in_an_hour_is_told_to_wait(bench: Bench):
    knocks = [visitor(bench).post("/activations", json=PAIR) for _ in range(11)]
    assert [answer.status_code for answer in knocks] == [202] * 10 + [429]
    assert knocks[-1].json["type"] == "/problemes/trop-de-demandes"
    assert 3500 < int(knocks[-1].headers["Retry-After"]) <= 3601
    assert visitor(bench, "192.0.2.2").post("/activations", json=PAIR).status_code == 202


def test_twenty_tries_at_once_from_one_network_pass_ten_and_no_more(bench: Bench):
    statuses: list[int] = []

    def knock() -> None:
        statuses.append(visitor(bench).post("/activations", json=PAIR).status_code)

    threads = [threading.Thread(target=knock) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [202] * 10 + [429] * 10


def test_a_signed_in_employer_may_ask_too(bench: Bench):
    register(bench)
    assert bench.as_(employer(OTHER_SIREN)).post("/activations", json=PAIR).status_code == 202
    bench.work()
    assert states(bench) == ["asked"]


def test_what_a_person_typed_is_erased_when_it_has_no_more_use(bench: Bench):
    register(bench)
    (told,) = asked(bench)
    asked(bench, identifier="FAUX-0000")
    bench.tell(activated(told.activation_id))
    with bench.running.working(SYSTEM) as work:
        requests = work.session.query(ActivationRequest).all()
        assert {request.state for request in requests} == {"used", "wrong"}
        assert all((request.first_name, request.email, request.phone) == (None, None, None) for request in requests)


def test_old_requests_and_tries_are_forgotten(bench: Bench):
    asked(bench)
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("UPDATE activation_request SET asked_at = asked_at - interval '61 days'"))
        work.session.execute(text("UPDATE activation_try SET tried_at = tried_at - interval '2 hours'"))
    bench.work()
    with bench.running.working(SYSTEM) as work:
        assert work.session.scalar(text("SELECT (SELECT count(*) FROM activation_request) + (SELECT count(*) FROM activation_try)")) == 0


def test_a_request_whose_brand_left_the_platform_does_not_hold_up_the_others(bench: Bench):
    register(bench)
    visitor(bench).post("/activations", json=PAIR)
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("UPDATE activation_request SET brand = 'partie'"))
    assert len(asked(bench)) == 1
    assert states(bench) == ["blocked", "asked"]


def test_a_request_is_resolved_within_0_3_s(bench: Bench):
    register(bench)
    worker = run.worker(bench.running)
    worker.start()
    try:
        resolved_in(bench)  # the first one waits for the worker to be up
        assert median(resolved_in(bench) for _ in range(5)) < 0.3
    finally:
        run.stop([worker])


def resolved_in(bench: Bench) -> float:
    """How many seconds a request waits for the worker."""
    time.sleep(0.1)
    assert visitor(bench).post("/activations", json=PAIR).status_code == 202
    began = time.monotonic()
    wait_for(lambda: "waiting" not in states(bench), 10)
    return time.monotonic() - began


def wait_for(seen: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"siret": "12345678200011"}, "siret"),
        ({"identifier": ""}, "identifier"),
        ({"identifier": "\x00"}, "identifier"),
        ({"first_name": "4"}, "first_name"),
        ({"email": "lucie"}, "email"),
        ({"email": "a@b.fr\nBcc: x@y.fr"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": 12}, "phone"),
        ({"siret": None}, "siret"),
    ],
)
def test_what_cannot_be_read_is_refused_in_french_by_its_field(bench: Bench, changes: dict[str, object], field: str):
    answer = visitor(bench).post("/activations", json={**PAIR, **changes})
    assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, [field])
