"""What became of a declaration, told to those who may know: the caseworker, the employer it is about, the producer that sent it."""

import uuid
from typing import Any

import pytest

from chassis.actor import Actor
from chassis.testing import Bench
from events.dsn import AffiliationSeen, DeclarationTaken
from events.fact import Fact
from tests.members.people import (
    ANDREA,
    CASEWORKER,
    CHARLIE,
    DOMINIQUE,
    ELSEWHERE,
    EMPLOYER,
    SIREN,
    STRANGER,
    cover,
    declaration,
    employment,
    ends,
    finalised,
    member,
    settle_in,
)

READER = Actor(kind="caseworker", brand="hcr", grants={"platform": "read"}, account_id=uuid.UUID(int=8))
OTHER_BRAND = Actor(kind="employer", brand="klesia-pro", account_id=uuid.uuid4(), grants=EMPLOYER.grants, strong=True)
JUNE = declaration(1, nature="01")
FACTS: tuple[Fact, ...] = (
    ends(JUNE, employment(DOMINIQUE)),
    AffiliationSeen(declaration=JUNE, employment=employment(CHARLIE, number="00005"), covers=(cover(),)),
    AffiliationSeen(declaration=JUNE, employment=employment(ANDREA, number="00006"), covers=(cover(),)),
    DeclarationTaken(declaration=JUNE, individuals=3, facts=3),
)
IDS = [uuid.uuid5(uuid.UUID(int=9), str(place)) for place in range(len(FACTS))]


@pytest.fixture
def june(bench: Bench) -> Bench:
    """Dominique's end is applied; Charlie and Andréa have no form yet."""
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE))
    bench.deliver(*FACTS, brand="", ids=IDS)
    bench.work()
    return bench


def inside(bench: Bench, body: Any, secret: str | None = None) -> Any:
    shown = bench.running.settings.keys.edge_secret if secret is None else secret
    return bench.anonymous().post("/_/receipts", json=body, headers={"Affilia-Edge": shown})


def test_a_declaration_says_what_its_facts_became(june: Bench) -> None:
    """S1:306-314: who declared what, what was applied, what waits and why."""
    page = june.as_(EMPLOYER).get("/declarations").json
    (receipt,) = page["items"]
    assert page["next"] is None
    assert (receipt["siret"][:9], receipt["nature_label"], receipt["declaration"]) == (SIREN, "Déclaration mensuelle", "010720261")
    assert (receipt["individuals"], receipt["announced"], receipt["missing"]) == (3, 3, 0)
    assert {one["label"]: one["number"] for one in receipt["states"]} == {"En attente de rapprochement": 2, "Prise en compte": 1}
    detail = june.as_(EMPLOYER).get(f"/declarations/{receipt['id']}").json
    assert sorted((fact["employment_number"], fact["state"]) for fact in detail["facts"]) == [
        ("00004", "applied"),
        ("00005", "waiting"),
        ("00006", "waiting"),
    ]
    waiting = june.as_(EMPLOYER).get(f"/declarations/{receipt['id']}?state=waiting&limit=1").json
    assert (len(waiting["facts"]), waiting["facts"][0]["label"]) == (1, "Affiliation vue")
    rest = june.as_(EMPLOYER).get(f"/declarations/{receipt['id']}?state=waiting&limit=1&after={waiting['next']}").json
    assert (len(rest["facts"]), rest["next"]) == (1, None)


def test_a_receipt_names_nobody(june: Bench) -> None:
    detail = june.as_(EMPLOYER).get(f"/declarations/{IDS[3]}").get_data(as_text=True)
    assert not any(secret in detail for who in (DOMINIQUE, CHARLIE, ANDREA) for secret in (who["nir13"], who["last_name"]))


def test_what_has_not_come_yet_is_counted_as_missing(bench: Bench) -> None:
    settle_in(bench)
    bench.tell(FACTS[0], FACTS[3], brand="")
    (receipt,) = bench.as_(CASEWORKER).get("/declarations").json["items"]
    assert receipt["missing"] == 2


def test_caseworkers_read_all_and_each_employer_his_own(june: Bench) -> None:
    foreign = f"/declarations/{IDS[3]}"
    missing = f"/declarations/{uuid.uuid4()}"
    for actor in (CASEWORKER, READER, EMPLOYER):
        assert (len(june.as_(actor).get("/declarations").json["items"]), june.as_(actor).get(foreign).status_code) == (1, 200)
    for actor in (STRANGER, OTHER_BRAND):
        assert june.as_(actor).get("/declarations").json["items"] == []
        refused, absent = june.as_(actor).get(foreign), june.as_(actor).get(missing)
        assert (refused.status_code, refused.data) == (404, absent.data)
    assert june.as_(member(june, DOMINIQUE)).get("/declarations").status_code == 403
    assert june.as_(EMPLOYER).get(f"/declarations/{IDS[0]}").status_code == 404, "a fact is not a declaration"


def test_the_list_is_narrowed_and_paged(june: Bench) -> None:
    july = declaration(7, 9, siret=ELSEWHERE)
    june.tell(DeclarationTaken(declaration=july, individuals=0, facts=0), brand="")
    ask = june.as_(CASEWORKER).get
    assert [item["siret"] for item in ask("/declarations").json["items"]] == [ELSEWHERE, JUNE.siret]
    first = ask("/declarations?limit=1").json
    assert [item["siret"] for item in ask(f"/declarations?limit=1&after={first['next']}").json["items"]] == [JUNE.siret]
    assert [item["siret"] for item in ask(f"/declarations?siret={ELSEWHERE}").json["items"]] == [ELSEWHERE]
    assert ask("/declarations?month=2020-01-15").json["items"] == []
    assert ask("/declarations?siret=1").status_code == 422


def test_a_producer_is_told_of_its_own_companies_alone(june: Bench) -> None:
    asked = {"ids": [str(one) for one in (*IDS, uuid.uuid4())], "sirens": [SIREN]}
    told = {item["id"]: item["state"] for item in inside(june, asked).json["items"]}
    assert told == {str(IDS[0]): "applied", str(IDS[1]): "waiting", str(IDS[2]): "waiting", str(IDS[3]): "noted"}
    assert len(inside(june, asked | {"sirens": None}).json["items"]) == 4
    assert inside(june, asked | {"sirens": ["552100554"]}).json["items"] == []
    assert inside(june, asked | {"sirens": []}).json["items"] == []
    assert inside(june, {"ids": [str(uuid.uuid4())] * 501, "sirens": None}).status_code == 422


def test_what_waits_for_its_turn_is_said_so(bench: Bench) -> None:
    bench.deliver(*FACTS[:1], brand="", ids=IDS[:1])
    asked = {"ids": [str(IDS[0])], "sirens": [SIREN]}
    (item,) = inside(bench, asked).json["items"]
    assert (item["state"], item["state_label"]) == ("queued", "Reçue")
    assert inside(bench, asked | {"sirens": ["552100554"]}).json["items"] == []


@pytest.mark.parametrize("secret", ["", "faux"])
def test_nobody_but_the_edge_asks_for_a_producer(june: Bench, secret: str) -> None:
    assert inside(june, {"ids": [], "sirens": None}, secret).status_code == 404
