"""« Radiation contexte sans DSN » (S1:306-318): an employer who emits no DSN tells who left, and the one decision follows."""

import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from werkzeug.test import TestResponse

from chassis.actor import Actor
from chassis.testing import Bench
from events.employers import CompanyRegistered
from events.members import RightsChanged
from services.members.models import PendingAct, Radiation, Rights
from tests.members.people import (
    ANDREA,
    CASEWORKER,
    CHARLIE,
    DOMINIQUE,
    EMPLOYER,
    SIREN,
    STRANGER,
    declaration,
    employment,
    ends,
    finalised,
    member,
    rank,
    settle_in,
)
from tests.members.test_walls import seen

TODAY = date(2026, 6, 20)
LEFT = {"ended_on": "2026-06-30", "motive": "043"}
COLLEAGUE = Actor(kind="employer", brand="hcr", account_id=uuid.UUID(int=7), grants={SIREN: "administrator"}, strong=True)
USER = Actor(kind="employer", brand="hcr", account_id=uuid.UUID(int=8), grants={SIREN: "user"}, strong=True)
READER = Actor(kind="caseworker", brand="hcr", account_id=uuid.UUID(int=9), grants={"platform": "read"})


@pytest.fixture(autouse=True)
def _settled(bench: Bench) -> None:
    """Lucie's company emits no DSN."""
    settle_in(bench)
    emit_dsn(bench, False)


def emit_dsn(bench: Bench, emits: bool) -> None:
    bench.tell(CompanyRegistered(siren=SIREN, company_name="SOCIETE FICTIVE", insurer="klesia", emits_dsn=emits))


def rights_of(bench: Bench, who: dict[str, Any]) -> str:
    listed = bench.as_(EMPLOYER).post("/employees/search", json={"status": "all", "name": who["last_name"]}).json["items"]
    return str(listed[0]["rights_id"])


def radiate(bench: Bench, who: dict[str, Any], actor: Actor = EMPLOYER, on: date = TODAY, **changes: Any) -> TestResponse:
    place = "rights" if actor.kind == "caseworker" else "employees"
    reason = {"reason": "Appel de l'employeur."} if actor.kind == "caseworker" else {}
    return bench.as_(actor, on=on).post(f"/{place}/{rights_of(bench, who)}/radiation", json=LEFT | reason | changes)


def correct(bench: Bench, who: dict[str, Any], actor: Actor = EMPLOYER, on: date = TODAY, **changes: Any) -> TestResponse:
    return bench.as_(actor, on=on).put(f"/employees/{rights_of(bench, who)}/radiation", json=LEFT | changes)


def withdraw(bench: Bench, who: dict[str, Any], on: date = TODAY, actor: Actor = EMPLOYER) -> TestResponse:
    return bench.as_(actor, on=on).post(f"/employees/{rights_of(bench, who)}/radiation/withdrawal", json={"message": "Elle reste."})


def sheet(bench: Bench, who: dict[str, Any], on: date = TODAY) -> dict[str, Any]:
    return dict(bench.as_(EMPLOYER, on=on).get(f"/employees/{rights_of(bench, who)}/radiation").json or {})


def verbs(shown: dict[str, Any]) -> list[str]:
    return [button["verb"] for button in shown["possible"]]


def refused(answer: TestResponse) -> tuple[int, str]:
    assert answer.json is not None
    return answer.status_code, answer.json.get("detail") or answer.json["errors"][0]["message"]


def test_lucie_radiates_dominique_and_her_cover_awaits_a_proof(bench: Bench) -> None:
    """S1:314: the very decision that a DSN would have led to."""
    bench.tell(finalised(DOMINIQUE))
    assert verbs(sheet(bench, DOMINIQUE)) == ["radiate"]
    told = radiate(bench, DOMINIQUE, message="Départ confirmé par écrit.")
    assert told.status_code == 201, told.json
    assert (told.json["status"], told.json["ends_on"], told.json["portability"]["months"]) == ("portability_pending", "2026-06-30", 5)
    assert told.json["reason"].startswith("Fin de contrat le 30/06/2026 (rupture conventionnelle, motif 043).")
    assert verbs(told.json) == ["correct", "withdraw"]
    (word,) = told.json["told"]
    assert (word["verb_label"], word["source_label"], word["by_me"]) == ("Radiation déclarée", "L'employeur", True)
    assert word["message"] == "Départ confirmé par écrit."
    (fact,) = bench.told(RightsChanged)
    assert (fact.status, fact.source, fact.ends_on, fact.motive) == ("portability_pending", "employer", date(2026, 6, 30), "043")
    detail = bench.as_(EMPLOYER, on=TODAY).get(f"/employees/{rights_of(bench, DOMINIQUE)}").json
    assert verbs(detail) == ["correct", "withdraw"]
    assert bench.audited()[-3:-1] == ["radiation.told", "rights.folded"]
    shown = bench.as_(member(bench, DOMINIQUE)).get("/me/accesses").json["items"]
    assert "Déclaration de votre départ de l'entreprise" in [line["what_label"] for line in shown]


def test_her_proof_opens_the_portability_and_it_lapses_as_after_a_dsn(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    assert radiate(bench, DOMINIQUE).status_code == 201
    person = member(bench, DOMINIQUE).reference.removeprefix("person:")
    proof = bench.as_(CASEWORKER, on=date(2026, 7, 10)).post(f"/persons/{person}/portability-proof", json={"received_on": "2026-07-10"})
    assert proof.status_code == 204
    shown = sheet(bench, DOMINIQUE, date(2026, 7, 10))
    assert (shown["status"], shown["ends_on"], verbs(shown)) == ("portability", "2026-11-30", [])
    assert refused(withdraw(bench, DOMINIQUE, date(2026, 7, 10)))[1].startswith("La portabilité est déjà accordée")


def test_a_company_that_emits_dsn_has_nothing_to_do_and_is_told_what_to_do_otherwise(bench: Bench) -> None:
    """S1:312."""
    bench.tell(finalised(DOMINIQUE))
    emit_dsn(bench, True)
    for answer in (radiate(bench, DOMINIQUE), radiate(bench, DOMINIQUE, CASEWORKER)):
        status, why = refused(answer)
        assert (status, answer.json["type"]) == (409, "/problemes/radiation-impossible")
        assert "vous n'avez rien à faire ici" in why
        assert "signalement de fin de contrat" in why
    shown = sheet(bench, DOMINIQUE)
    assert (verbs(shown), shown["refusal"]) == ([], why)


@pytest.mark.parametrize(
    ("ended_on", "motive", "field", "why"),
    [
        ("2026-01-31", "043", "ended_on", "La fin du contrat ne peut pas précéder le début des droits, le 01/02/2026."),
        ("2026-09-19", "043", "ended_on", "La fin du contrat ne peut pas être déclarée plus de 90 jours à l'avance"),
        ("2026-06-30", "099", "motive", "Choisissez un motif de la liste."),
        ("2026-06-30", "zzz", "motive", "Choisissez un motif de la liste."),
    ],
    ids=["before the start", "too far ahead", "not an end", "unknown"],
)
def test_a_day_or_a_motive_that_cannot_be_is_refused_where_it_stands(
    bench: Bench, ended_on: str, motive: str, field: str, why: str
) -> None:
    bench.tell(finalised(DOMINIQUE))
    answer = radiate(bench, DOMINIQUE, ended_on=ended_on, motive=motive)
    ((wrong,), status) = answer.json["errors"], answer.status_code
    assert (status, wrong["field"]) == (422, field)
    assert wrong["message"].startswith(why)
    assert bench.told(RightsChanged) == []


def test_an_end_told_very_late_is_for_an_adviser(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    status, why = refused(radiate(bench, DOMINIQUE, on=date(2027, 1, 2)))
    assert (status, why) == (422, "La fin du contrat remonte à plus de 180 jours : au plus tôt le 06/07/2026. Avant, écrivez-nous.")


def test_she_was_wrong_of_a_day_then_altogether(bench: Bench) -> None:
    """A correction is its own verb; what was said stays."""
    bench.tell(finalised(DOMINIQUE))
    assert refused(withdraw(bench, DOMINIQUE))[1].startswith("Aucune radiation déclarée ici")
    radiate(bench, DOMINIQUE)
    assert refused(radiate(bench, DOMINIQUE))[0] == 409
    assert refused(correct(bench, DOMINIQUE))[1] == "Rien ne change : même jour, même motif."
    moved = correct(bench, DOMINIQUE, ended_on="2026-06-28", motive="088")
    assert (moved.status_code, moved.json["status"], moved.json["ends_on"]) == (200, "ended", "2026-06-28")
    undone = withdraw(bench, DOMINIQUE)
    assert (undone.status_code, undone.json["status"], undone.json["ends_on"]) == (200, "active", None)
    assert undone.json["reason"] == "La fin de contrat déclarée a été annulée : les droits restent ouverts depuis le 01/02/2026."
    assert [word["verb"] for word in undone.json["told"]] == ["radiate", "correct", "withdraw"]
    assert [fact.status for fact in bench.told(RightsChanged)] == ["portability_pending", "ended", "active"]
    assert radiate(bench, DOMINIQUE).status_code == 201


def test_what_was_told_may_be_undone_until_the_last_day_or_fifteen_days_long(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE))
    radiate(bench, DOMINIQUE, ended_on="2026-08-31")
    radiate(bench, CHARLIE, ended_on="2026-06-01")
    assert verbs(sheet(bench, DOMINIQUE, date(2026, 8, 31))) == ["correct", "withdraw"]
    assert verbs(sheet(bench, CHARLIE, date(2026, 7, 5))) == ["correct", "withdraw"]
    status, why = refused(withdraw(bench, CHARLIE, date(2026, 7, 6)))
    assert (status, why) == (409, "Cette radiation ne se corrige plus ici depuis le 06/07/2026 : écrivez-nous.")
    path = f"/rights/{rights_of(bench, CHARLIE)}/radiation/withdrawal"
    desk = bench.as_(CASEWORKER, on=date(2026, 9, 1))
    assert desk.post(path, json={}).status_code == 422
    undone = desk.post(path, json={"reason": "Erreur de salarié, courrier de l'employeur."})
    assert (undone.status_code, undone.json["status"]) == (200, "active")
    assert undone.json["told"][-1]["source_label"] == "Un conseiller, pour l'employeur"


def test_a_dsn_that_says_the_same_changes_nothing_and_another_day_wins(bench: Bench) -> None:
    """Features §3: the payroll wins on dates."""
    bench.tell(finalised(DOMINIQUE))
    radiate(bench, DOMINIQUE)
    bench.tell(ends(declaration(1), employment(DOMINIQUE)))
    assert len(bench.told(RightsChanged)) == 1
    bench.tell(ends(declaration(2, 2, target=rank(1)), employment(DOMINIQUE), date(2026, 6, 28)))
    fact = bench.told(RightsChanged)[-1]
    assert (fact.source, fact.ends_on, len(bench.told(RightsChanged))) == ("dsn", date(2026, 6, 28), 2)
    assert refused(withdraw(bench, DOMINIQUE))[1].startswith("La paie a déclaré cette fin")
    assert verbs(sheet(bench, DOMINIQUE)) == []


def test_the_order_of_what_is_said_never_matters(bench: Bench) -> None:
    """The employer's word, the payroll's and its correction, each person hearing them in another order: the same final state."""
    orders = {"ESSAI": (0, 1, 2), "FAUX": (1, 0, 2), "MAQUETTE": (2, 0, 1)}
    for place, who in enumerate((DOMINIQUE, CHARLIE, ANDREA)):
        bench.tell(finalised(who))
        first = ends(declaration(10 + place), employment(who), date(2026, 6, 25))
        said = (None, first, ends(declaration(20 + place, 3, target=rank(10 + place)), employment(who)))
        for turn in orders[who["last_name"]]:
            fact = said[turn]
            bench.tell(fact) if fact else radiate(bench, who, ended_on="2026-06-10")
    shown = [sheet(bench, who) for who in (DOMINIQUE, CHARLIE, ANDREA)]
    assert {(each["status"], each["ends_on"], each["portability"]["ends_on"]) for each in shown} == {
        ("portability_pending", "2026-06-30", "2026-11-30")
    }


def test_a_payroll_that_says_afterwards_that_the_cover_goes_on_is_heard(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    radiate(bench, DOMINIQUE)
    bench.tell(ends(declaration(1), employment(DOMINIQUE), maintained=True))
    assert sheet(bench, DOMINIQUE)["status"] == "active"
    assert radiate(bench, DOMINIQUE, on=date(2026, 7, 15)).json["status"] == "portability_pending"


def test_a_cover_that_ended_before_has_no_portability_and_after_changes_nothing(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    radiate(bench, DOMINIQUE)
    bench.tell(ends(declaration(1), employment(DOMINIQUE), date(2026, 7, 31), motive=None))
    assert (sheet(bench, DOMINIQUE)["status"], sheet(bench, DOMINIQUE)["ends_on"]) == ("portability_pending", "2026-06-30")
    bench.tell(ends(declaration(2, 2), employment(DOMINIQUE), date(2026, 5, 31), motive=None))
    assert (sheet(bench, DOMINIQUE)["status"], sheet(bench, DOMINIQUE)["ends_on"]) == ("ended", "2026-05-31")


def test_two_people_radiate_dominique_at_once_and_one_is_told_that_it_is_done(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    rights = rights_of(bench, DOMINIQUE)

    def at(actor: Actor, day: str) -> int:
        return bench.as_(actor, on=TODAY).post(f"/employees/{rights}/radiation", json=LEFT | {"ended_on": day}).status_code

    with ThreadPoolExecutor(8) as many:
        done = list(many.map(at, [EMPLOYER, COLLEAGUE] * 4, [f"2026-06-{day}" for day in range(22, 30)]))
    assert sorted(done) == [201, *[409] * 7]
    assert len(bench.told(RightsChanged)) == 1


def test_lists_and_payrolls_cross_without_waiting_for_each_other_for_ever(bench: Bench) -> None:
    """Three people on a list in one order, their DSN in another, at once: nobody waits in a circle, the payroll's days stay."""
    people = (DOMINIQUE, CHARLIE, ANDREA)
    bench.tell(*(finalised(who) for who in people))
    ids = [rights_of(bench, who) for who in people]
    bench.deliver(*(ends(declaration(place, 2), employment(who)) for place, who in enumerate(people, 1)), brand="")

    def listed(order: tuple[str, ...]) -> int:
        lines = [LEFT | {"rights_id": each, "ended_on": "2026-06-25"} for each in order]
        return bench.as_(EMPLOYER, on=TODAY).post("/radiations", json={"radiations": lines}).status_code

    with ThreadPoolExecutor(4) as many:
        payroll = many.submit(bench.work)
        done = list(many.map(listed, list(itertools.permutations(ids))[:3]))
        payroll.result()
    assert set(done) <= {201, 422}
    assert bench.parked() == []
    shown = bench.as_(EMPLOYER).get("/employees?status=portability").json["items"]
    assert {line["ends_on"] for line in shown} == {"2026-06-30"}


def crowd(bench: Bench, size: int) -> list[str]:
    people = [{**DOMINIQUE, "nir13": f"28004759{number:05d}", "last_name": f"ESSAI {number}"} for number in range(100, 100 + size)]
    bench.tell(*(finalised(who) for who in people))
    return [line["rights_id"] for line in bench.as_(EMPLOYER).get("/employees?limit=200").json["items"]]


def tell_all(bench: Bench, ids: list[str], actor: Actor = EMPLOYER, **changes: Any) -> TestResponse:
    return bench.as_(actor, on=TODAY).post("/radiations", json={"radiations": [LEFT | {"rights_id": each} | changes for each in ids]})


def test_a_short_list_is_done_at_once_and_a_long_one_waits_for_a_colleague(bench: Bench) -> None:
    """Security V2: four eyes on mass radiation."""
    ids = crowd(bench, 12)
    assert tell_all(bench, ids[:2]).json["done"] is True
    waiting = tell_all(bench, ids[2:]).json
    assert (waiting["done"], waiting["act"]["state_label"], len(bench.told(RightsChanged))) == (False, "À valider", 2)
    path = f"/radiation-acts/{waiting['act']['id']}"
    assert bench.as_(STRANGER).post(f"{path}/approval").status_code == 404
    assert bench.as_(EMPLOYER).post(f"{path}/approval").json["type"] == "/problemes/acte-meme-personne"
    assert bench.as_(USER).post(f"{path}/approval").status_code == 403
    approved = bench.as_(COLLEAGUE, on=TODAY).post(f"{path}/approval")
    assert (approved.status_code, approved.json["state_label"], len(bench.told(RightsChanged))) == (200, "Validé", 12)
    assert bench.as_(CASEWORKER, on=TODAY).post(f"{path}/approval").json["type"] == "/problemes/acte-deja-decide"
    (listed,) = bench.as_(USER).get("/radiation-acts").json["items"]
    assert (listed["state"], bench.as_(STRANGER).get("/radiation-acts").json["items"]) == ("approved", [])


def test_one_more_after_many_goes_by_the_list_and_a_list_that_grew_old_waits_on(bench: Bench) -> None:
    ids = crowd(bench, 11)
    assert tell_all(bench, ids[:10]).json["done"] is True
    one = bench.as_(EMPLOYER, on=TODAY).post(f"/employees/{ids[10]}/radiation", json=LEFT)
    assert (one.status_code, one.json["type"]) == (409, "/problemes/seconde-personne-attendue")
    waiting = tell_all(bench, ids[10:]).json["act"]["id"]
    bench.as_(CASEWORKER, on=TODAY).post(f"/rights/{ids[10]}/radiation", json=LEFT | {"reason": "Demande écrite."})
    late = bench.as_(COLLEAGUE, on=TODAY).post(f"/radiation-acts/{waiting}/approval")
    assert (late.status_code, late.json["errors"][0]["field"]) == (422, "radiations.0.rights_id")
    assert bench.as_(EMPLOYER).post(f"/radiation-acts/{waiting}/refusal").json["state"] == "refused"


def test_a_list_says_what_is_wrong_of_each_line_and_does_nothing(bench: Bench) -> None:
    ids = crowd(bench, 3)
    lines = [
        LEFT | {"rights_id": ids[0]},
        LEFT | {"rights_id": str(uuid.uuid4())},
        LEFT | {"rights_id": ids[1], "ended_on": "2020-01-01"},
        LEFT | {"rights_id": ids[2], "motive": "000"},
        LEFT | {"rights_id": ids[0]},
    ]
    answer = bench.as_(EMPLOYER, on=TODAY).post("/radiations", json={"radiations": lines})
    fields = [error["field"] for error in answer.json["errors"]]
    assert (answer.status_code, fields) == (
        422, ["radiations.1.rights_id", "radiations.2.ended_on", "radiations.3.motive", "radiations.4.rights_id"],
    )  # fmt: skip
    assert bench.told(RightsChanged) == []
    assert bench.as_(EMPLOYER).post("/radiations", json={"radiations": []}).status_code == 422


def test_who_may_do_what(bench: Bench) -> None:
    """The matrix: each side its door, a foreigner as if nothing were there."""
    bench.tell(finalised(DOMINIQUE))
    rights = rights_of(bench, DOMINIQUE)
    dominique = member(bench, DOMINIQUE)
    hers, desk = f"/employees/{rights}/radiation", f"/rights/{rights}/radiation"
    body = LEFT | {"reason": "Demande écrite."}
    missing = bench.as_(EMPLOYER, on=TODAY).post(f"/employees/{uuid.uuid4()}/radiation", json=LEFT)
    foreign = bench.as_(STRANGER, on=TODAY).post(hers, json=LEFT)
    assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert bench.as_(STRANGER).get(hers).status_code == 404
    for actor, path, form in ((dominique, hers, LEFT), (CASEWORKER, hers, LEFT), (EMPLOYER, desk, body), (READER, desk, body)):
        assert bench.as_(actor, on=TODAY).post(path, json=form).status_code == 403
    assert bench.anonymous().post(hers, json=LEFT).status_code == 401
    assert bench.as_(USER, on=TODAY).post(hers, json=LEFT).status_code == 201
    assert bench.told(RightsChanged)[0].source == "employer"


def test_a_caseworker_registers_it_for_the_employer_with_a_reason(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    path = f"/rights/{rights_of(bench, DOMINIQUE)}/radiation"
    assert bench.as_(CASEWORKER, on=TODAY).post(path, json=LEFT).json["errors"][0]["field"] == "reason"
    assert bench.as_(CASEWORKER, on=TODAY).get(path).status_code == 200
    looked = bench.as_(member(bench, DOMINIQUE)).get("/me/accesses").json["items"][0]
    assert (looked["role_label"], looked["profile_label"]) == ("Un conseiller", "Gestionnaire")
    done = radiate(bench, DOMINIQUE, CASEWORKER)
    assert (done.status_code, done.json["told"][0]["message"]) == (201, "Appel de l'employeur.")
    assert bench.told(RightsChanged)[0].source == "caseworker"
    assert verbs(sheet(bench, DOMINIQUE)) == ["correct", "withdraw"]


def test_the_motives_are_offered_in_words(bench: Bench) -> None:
    offered = {item["code"]: item for item in bench.as_(EMPLOYER).get("/radiation-motives").json["items"]}
    assert offered["043"]["label"] == "rupture conventionnelle"
    assert "justificatif" in offered["043"]["follows"]
    assert not {"099", "100", "998"} & offered.keys()


def test_a_radiation_waits_while_a_way_into_the_account_is_new(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    held = Actor(
        kind="employer", brand="hcr", account_id=EMPLOYER.account_id, grants=EMPLOYER.grants, strong=True,
        held_until=datetime.now(UTC) + timedelta(hours=1),
    )  # fmt: skip
    assert radiate(bench, DOMINIQUE, held).status_code == 423


def test_the_database_alone_keeps_radiations_apart_and_whole(bench: Bench) -> None:
    tell_all(bench, crowd(bench, 11))
    bench.tell(finalised(CHARLIE))
    radiate(bench, CHARLIE)
    one = member(bench, CHARLIE)
    walls = [[seen(bench, who, table) for table in (Radiation, PendingAct)] for who in (EMPLOYER, CASEWORKER, STRANGER, one)]
    assert walls == [[1, 1], [1, 1], [0, 0], [0, 0]]
    with pytest.raises(ProgrammingError, match="append-only"), bench.running.working() as work:
        work.session.execute(text("DELETE FROM radiation"))


def test_an_error_in_what_the_platform_does_leaves_nothing_and_gives_no_eyes(bench: Bench) -> None:
    """What follows from an act is the platform's; afterwards whoever acts sees her own again, and forgets what was read."""
    bench.tell(finalised(DOMINIQUE))
    work = bench.running.begin(STRANGER)
    with work.session as session:
        with session.as_platform():
            assert len(session.scalars(select(Rights)).all()) == 1
        assert (session.scalars(select(Rights)).all(), list(session.identity_map)) == ([], [])
        with pytest.raises(RuntimeError), session.as_platform():
            raise RuntimeError
        assert session.scalars(select(Rights)).all() == []
