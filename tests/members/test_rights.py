"""From a finalised form to rights, and from payroll to portability, radiation and back."""

import itertools
from datetime import date
from typing import Any

import msgspec
import pytest

from chassis.testing import Bench
from events.dsn import AffiliationSeen, DeclarationTaken, EmploymentChanged, IdentityChanged, NobodyCovered
from events.fact import Fact, Sealed
from events.members import ContractOpened, PersonRegistered, RightsChanged, RightsOpened
from tests.members.people import (
    ANDREA,
    CASEWORKER,
    CHARLIE,
    CONTRACT,
    CONTRACT_FORM,
    DOMINIQUE,
    ELSEWHERE,
    EMPLOYER,
    SIRET,
    cover,
    declaration,
    employment,
    ends,
    finalised,
    member,
    rank,
    settle_in,
    spouse,
)

HIRED_DOMINIQUE = date(2026, 2, 1)
HIRED_CHARLIE = date(2018, 3, 1)


@pytest.fixture(autouse=True)
def _settled(bench: Bench) -> None:
    settle_in(bench)


def employee(bench: Bench, who: dict[str, Any]) -> dict[str, Any]:
    """What the employer sees of somebody, whatever the status."""
    listed = bench.as_(EMPLOYER).post("/employees/search", json={"status": "all", "name": who["last_name"]}).json
    assert listed is not None
    (found,) = listed["items"]
    return dict(found)


def detail(bench: Bench, who: dict[str, Any]) -> dict[str, Any]:
    answer = bench.as_(EMPLOYER).get(f"/employees/{employee(bench, who)['rights_id']}").json
    assert answer is not None
    return dict(answer)


def facts(bench: Bench, state: str) -> list[dict[str, Any]]:
    answer = bench.as_(CASEWORKER).get("/facts", query_string={"state": state}).json
    assert answer is not None
    return list(answer["items"])


def test_a_caseworker_opens_a_contract_once(bench: Bench) -> None:
    again = bench.as_(CASEWORKER).post("/contracts", json=CONTRACT_FORM)
    assert (again.status_code, again.json["type"]) == (409, "/problemes/contrat-deja-enregistre")
    (opened,) = bench.told(ContractOpened)
    assert (opened.reference, opened.label) == (CONTRACT, "BASE CCN HCR NC SEUL RG")
    assert bench.audited() == ["contract.opened"]


def test_dominique_finalises_her_form_and_her_rights_open(bench: Bench) -> None:
    form = finalised(DOMINIQUE, dependents=(spouse(),))
    bench.tell(form)
    bench.tell(form)
    bench.tell(finalised(DOMINIQUE))
    assert bench.parked() == []
    (opened,) = bench.told(RightsOpened)
    assert (opened.affiliation_id, opened.contract_label) == (form.affiliation_id, "BASE CCN HCR NC SEUL RG")
    (registered,) = bench.told(PersonRegistered)
    assert (registered.person_id, registered.email) == (opened.person_id, Sealed("dominique@exemple.fr"))
    seen = detail(bench, DOMINIQUE)
    assert seen["status_label"] == "Droits ouverts"
    assert seen["reason"] == "Droits ouverts depuis le 01/02/2026."
    assert (seen["nir_masked"], seen["spouse_covered"], seen["ends_on"]) == ("2 80 •• •• ••• ••• ••", True, None)
    assert [line["move_label"] for line in seen["history"]] == ["Ouverture des droits"]


def test_a_missing_email_comes_with_a_later_form_of_the_same_person(bench: Bench) -> None:
    bench.tell(msgspec.structs.replace(finalised(DOMINIQUE), email=None))
    bench.tell(finalised(DOMINIQUE, siret=ELSEWHERE, starts_on=date(2026, 3, 1)))
    assert [told.email for told in bench.told(PersonRegistered)] == [None, Sealed("dominique@exemple.fr")]


@pytest.mark.parametrize("disagreeing", [{"last_name": "AUTRE"}, {"birth_on": date(1981, 4, 4)}], ids=["name", "birth date"])
def test_knowing_her_number_does_not_give_dominique_another_email(bench: Bench, disagreeing: dict[str, Any]) -> None:
    bench.tell(msgspec.structs.replace(finalised(DOMINIQUE), email=None))
    bench.tell(finalised(DOMINIQUE | disagreeing, siret=ELSEWHERE, starts_on=date(2026, 3, 1), email="voleur@exemple.fr"))
    assert [told.email for told in bench.told(PersonRegistered)] == [None]


def test_charlie_works_in_two_places_and_has_two_rights(bench: Bench) -> None:
    bench.tell(finalised(CHARLIE), finalised(CHARLIE, siret=ELSEWHERE, starts_on=date(2026, 3, 1)))
    bench.tell(ends(declaration(1, siret=ELSEWHERE), employment(CHARLIE, date(2026, 3, 1), "00011")))
    listed = bench.as_(EMPLOYER).get("/employees?status=all").json["items"]
    assert {line["establishment"]["siret"]: line["status"] for line in listed} == {SIRET: "active", ELSEWHERE: "portability_pending"}
    assert len(bench.told(PersonRegistered)) == 1


def test_dominique_leaves_and_her_cover_awaits_a_proof(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    left = ends(declaration(1001), employment(DOMINIQUE, seniority_months=5))
    bench.tell(left)
    seen = detail(bench, DOMINIQUE)
    assert seen["status_label"] == "Portabilité en attente de justificatif"
    assert seen["ends_on"] == "2026-06-30"
    assert (seen["portability"]["months"], seen["portability"]["ends_on"]) == (5, "2026-11-30")
    assert seen["motive"] == {"code": "043", "label": "rupture conventionnelle"}
    assert [line["move_label"] for line in seen["history"]] == ["Ouverture des droits", "Portabilité proposée"]
    (told,) = bench.told(RightsChanged)
    assert (told.status, told.motive, told.portability_months, told.source) == ("portability_pending", "043", 5, "dsn")
    bench.tell(left)
    assert len(bench.told(RightsChanged)) == 1


def test_an_annule_et_remplace_moves_the_date(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    spell = employment(DOMINIQUE)
    bench.tell(ends(declaration(1001), spell))
    bench.tell(ends(declaration(1002, 3, target=rank(1001)), spell, date(2026, 6, 28)))
    assert employee(bench, DOMINIQUE)["ends_on"] == "2026-06-28"
    assert [fact["state_label"] for fact in facts(bench, "superseded")] == ["Remplacée ou annulée"]
    assert [told.ends_on for told in bench.told(RightsChanged)] == [date(2026, 6, 30), date(2026, 6, 28)]


def test_charlie_is_radiated_by_error_and_his_rights_open_again(bench: Bench) -> None:
    bench.tell(finalised(CHARLIE, HIRED_CHARLIE))
    spell = employment(CHARLIE, HIRED_CHARLIE, "00007")
    bench.tell(ends(declaration(1003, 3), spell, motive="088"))
    assert employee(bench, CHARLIE)["status_label"] == "Droits fermés"
    assert employee(bench, CHARLIE)["portability"] is None
    bench.tell(ends(declaration(1004, 6, type="cancels", target=rank(1003, 3)), spell, motive="088"))
    seen = detail(bench, CHARLIE)
    assert (seen["status"], seen["ends_on"]) == ("active", None)
    assert seen["reason"] == "La fin de contrat déclarée a été annulée : les droits restent ouverts depuis le 01/03/2018."
    assert [line["move"] for line in seen["history"]] == ["open", "radiate", "reopen"]
    assert [told.status for told in bench.told(RightsChanged)] == ["ended", "active"]


def test_andrea_keeps_her_affiliation_and_is_told_so_once(bench: Bench) -> None:
    bench.tell(finalised(ANDREA, date(2026, 4, 1)))
    bench.tell(ends(declaration(1005, 2), employment(ANDREA, date(2026, 4, 1), "00008"), motive="031", maintained=True))
    bench.tell(ends(declaration(1005, 2), employment(ANDREA, date(2026, 4, 1), "00008"), motive="031", maintained=True))
    assert employee(bench, ANDREA)["status"] == "active"
    assert [(told.status, told.ends_on, told.motive) for told in bench.told(RightsChanged)] == [("active", None, "031")]
    assert [line["move"] for line in detail(bench, ANDREA)["history"]] == ["open", "keep"]
    assert [fact["state"] for fact in facts(bench, "applied")] == ["applied", "applied"]


def story() -> list[Fact]:
    """The lot of July 2026: five declarations about three people."""
    dominique, charlie = employment(DOMINIQUE, seniority_months=5), employment(CHARLIE, HIRED_CHARLIE, "00007", seniority_months=100)
    return [
        ends(declaration(1001), dominique),
        ends(declaration(1002, 3, target=rank(1001)), dominique, date(2026, 6, 28)),
        ends(declaration(1003, 3), charlie, motive="088"),
        ends(declaration(1004, 6, type="cancels", target=rank(1003, 3)), charlie, motive="088"),
        ends(declaration(1005, 2), employment(ANDREA, date(2026, 4, 1), "00008"), motive="031", maintained=True),
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::17], ids=str)
def test_the_lot_ends_the_same_in_any_order_even_before_the_forms(bench: Bench, order: tuple[int, ...]) -> None:
    lot = story()
    bench.tell(*[lot[place] for place in order[:3]])
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE, HIRED_CHARLIE), finalised(ANDREA, date(2026, 4, 1)))
    for place in order[3:]:
        bench.tell(lot[place])
    bench.tell(*lot)
    assert bench.parked() == []
    seen = {who["last_name"]: employee(bench, who) for who in (DOMINIQUE, CHARLIE, ANDREA)}
    assert {name: (line["status"], line["ends_on"]) for name, line in seen.items()} == {
        "ESSAI": ("portability_pending", "2026-06-28"),
        "FAUX": ("active", None),
        "MAQUETTE": ("active", None),
    }
    assert facts(bench, "waiting") == []


def test_the_same_lot_taken_at_once_tells_where_each_person_ends(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE, HIRED_CHARLIE), finalised(ANDREA, date(2026, 4, 1)))
    bench.tell(*story())
    told = [(fact.status, fact.ends_on) for fact in bench.told(RightsChanged)]
    assert sorted(told, key=str) == [("active", None), ("portability_pending", date(2026, 6, 28))]


def test_a_fact_that_comes_before_the_form_waits_and_says_why(bench: Bench) -> None:
    bench.tell(ends(declaration(1), employment(DOMINIQUE)))
    (waiting,) = facts(bench, "waiting")
    assert waiting["reason"] == "Personne inconnue : aucune affiliation finalisée ne porte ce numéro de sécurité sociale."
    assert (waiting["last_name"], waiting["nir_masked"], waiting["ended_on"]) == ("ESSAI", "2 80 •• •• ••• ••• ••", "2026-06-30")
    bench.tell(finalised(DOMINIQUE))
    assert facts(bench, "waiting") == []
    assert employee(bench, DOMINIQUE)["status"] == "portability_pending"


def test_an_end_under_another_contract_waits(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    bench.tell(ends(declaration(1), employment(DOMINIQUE), covers=(cover("SANTE-AUTRE"),)))
    assert employee(bench, DOMINIQUE)["status"] == "active"
    assert [fact["state"] for fact in facts(bench, "waiting")] == ["waiting"]


def test_dominique_is_hired_again_and_the_old_radiation_leaves_her_new_rights_alone(bench: Bench) -> None:
    again = date(2026, 9, 1)
    bench.tell(finalised(DOMINIQUE), finalised(DOMINIQUE, again))
    bench.tell(ends(declaration(1), employment(DOMINIQUE)))
    listed = bench.as_(EMPLOYER).get("/employees?status=all").json["items"]
    assert {line["starts_on"]: line["status"] for line in listed} == {"2026-02-01": "portability_pending", "2026-09-01": "active"}


def test_charlie_changes_nir_and_the_next_payroll_still_finds_him(bench: Bench) -> None:
    bench.tell(finalised(CHARLIE, HIRED_CHARLIE))
    renewed = {**CHARLIE, "nir13": "1870799999011"}
    spell = employment(renewed, HIRED_CHARLIE, "00007")
    change = IdentityChanged(
        declaration=declaration(1, nature="01", month=date(2026, 5, 1)),
        employment=spell,
        covers=(cover(),),
        changed_on=date(2026, 5, 3),
        former_nir=Sealed(CHARLIE["nir13"]),
    )
    bench.tell(ends(declaration(2, 2), spell), change)
    assert employee(bench, CHARLIE)["status"] == "portability_pending"
    beneficiaries = bench.as_(member(bench, CHARLIE), on=date(2026, 6, 1)).get("/me/beneficiaries").json["items"]
    assert [line["nir_masked"] for line in beneficiaries] == ["1 87 •• •• ••• ••• ••"]
    card = bench.as_(member(bench, CHARLIE), on=date(2026, 6, 1)).get("/me/card").json
    assert card["beneficiaries"][0]["nir"].startswith("1 87 07 99 999 011")


def test_andrea_moves_to_another_establishment_and_stays_covered(bench: Bench) -> None:
    bench.tell(finalised(ANDREA, date(2026, 4, 1)))
    moved = EmploymentChanged(
        declaration=declaration(1, nature="01", siret=ELSEWHERE, month=date(2026, 6, 1)),
        employment=employment(ANDREA, date(2026, 4, 1), "00099"),
        covers=(cover(),),
        changed_on=date(2026, 6, 15),
        former_siret=SIRET,
        former_number="00008",
    )
    old_cover = cover(ends_on=date(2026, 6, 14))
    left = ends(declaration(2, nature="01", month=date(2026, 6, 1)), employment(ANDREA, date(2026, 4, 1), "00008"), date(2026, 6, 14), None)
    bench.tell(left)
    bench.tell(moved)
    seen = employee(bench, ANDREA)
    assert (seen["status"], seen["establishment"]["siret"]) == ("active", ELSEWHERE)
    assert old_cover.ends_on == date(2026, 6, 14)


def test_a_monthly_sent_again_without_dominique_takes_her_end_back(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    june = date(2026, 6, 1)
    first = declaration(1, nature="01", month=june)
    bench.tell(ends(first, employment(DOMINIQUE)))
    assert employee(bench, DOMINIQUE)["status"] == "portability_pending"
    second = declaration(2, 4, nature="01", month=june, type="replaces")
    bench.tell(DeclarationTaken(declaration=second, individuals=0, facts=0))
    assert employee(bench, DOMINIQUE)["status"] == "active"


def test_months_that_repeat_each_other_are_applied_until_one_is_sent_again_without_her(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    for month in (3, 4, 5):
        said = declaration(month, nature="01", month=date(2026, month, 1))
        bench.tell(AffiliationSeen(declaration=said, employment=employment(DOMINIQUE), covers=(cover(),)))
    assert [fact["reason"] for fact in facts(bench, "applied")] == ["Rapprochée d'un droit."] * 3
    again = declaration(9, 4, nature="01", month=date(2026, 4, 1), type="replaces")
    bench.tell(DeclarationTaken(declaration=again, individuals=0, facts=0))
    assert (len(facts(bench, "applied")), len(facts(bench, "superseded"))) == (2, 1)
    june = declaration(10, nature="01", month=date(2026, 6, 1))
    bench.tell(AffiliationSeen(declaration=june, employment=employment(DOMINIQUE), covers=(cover(),)))
    assert len(facts(bench, "applied")) == 3
    assert employee(bench, DOMINIQUE)["status"] == "active"


def test_facts_about_nobody_are_kept(bench: Bench) -> None:
    said = declaration(1, nature="01", month=date(2026, 6, 1))
    bench.tell(
        NobodyCovered(declaration=said, contract_reference=CONTRACT, insurer_code="P9999"),
        DeclarationTaken(declaration=said, individuals=0, facts=1),
    )
    assert [fact["state_label"] for fact in facts(bench, "noted")] == ["Enregistrée", "Enregistrée"]


def test_somebody_without_a_number_waits_for_one(bench: Bench) -> None:
    lou = employment(DOMINIQUE)
    nameless = msgspec.structs.replace(lou, nir=Sealed(""))
    temporary = msgspec.structs.replace(lou, nir=None, ntt=Sealed("2123456782LOU"))
    bench.tell(ends(declaration(1), nameless), ends(declaration(2), temporary))
    assert bench.parked() == []
    assert {fact["reason"] for fact in facts(bench, "waiting")} == {
        "Personne désignée par un numéro technique temporaire : son numéro de sécurité sociale est attendu."
    }


def test_dominique_proves_her_benefit_then_her_portability_ends(bench: Bench) -> None:
    hired, left = date(2020, 1, 1), date(2020, 6, 30)
    bench.tell(finalised(DOMINIQUE, hired))
    bench.tell(ends(declaration(1), employment(DOMINIQUE, hired), left))
    proof = f"/persons/{member(bench, DOMINIQUE).reference.removeprefix('person:')}/portability-proof"
    early = bench.as_(CASEWORKER).post(proof, json={"received_on": "2020-06-29"})
    assert (early.status_code, early.json["type"]) == (409, "/problemes/portabilite-non-attendue")
    assert bench.as_(CASEWORKER).post(proof, json={"received_on": "2020-07-10"}).status_code == 204
    seen = employee(bench, DOMINIQUE)
    assert (seen["status_label"], seen["ends_on"]) == ("Portabilité", "2020-12-31")
    again = bench.as_(CASEWORKER).post(proof, json={"received_on": "2020-07-10"})
    assert (again.status_code, again.json["type"]) == (409, "/problemes/portabilite-non-attendue")
    bench.work()
    assert [line["move_label"] for line in detail(bench, DOMINIQUE)["history"]] == [
        "Ouverture des droits",
        "Portabilité proposée",
        "Portabilité accordée",
        "Fin de la portabilité",
    ]
    assert employee(bench, DOMINIQUE)["reason"] == "La portabilité est arrivée à son terme le 31/12/2020."
