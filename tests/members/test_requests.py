"""« Faire une déclaration de portabilité » (S4:150-168): declared by the member, reconciled with the payroll, proved, answered."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.actor import Actor
from chassis.testing import Bench
from events.documents import Received, Refused, Released
from events.members import PortabilityAnswered, RightsChanged
from services.members.actions.portability import ask_again, give_up, lapse
from services.members.models import Piece, PortabilityProof, PortabilityRequest
from tests.members.people import (
    CASEWORKER,
    CHARLIE,
    DOMINIQUE,
    EMPLOYER,
    declaration,
    employment,
    ends,
    finalised,
    member,
    settle_in,
)
from tests.members.test_radiations import emit_dsn, radiate
from tests.members.test_walls import seen

TODAY = date(2026, 6, 20)
LATER = date(2026, 7, 10)
READER = Actor(kind="caseworker", brand="hcr", account_id=uuid.UUID(int=9), grants={"platform": "read"})


@pytest.fixture
def dominique(bench: Bench) -> Actor:
    """Dominique is insured, and her company emits DSN."""
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE))
    return member(bench, DOMINIQUE)


def rights(bench: Bench, who: Actor) -> str:
    return str(bench.as_(who).get("/me/rights").json["items"][0]["rights_id"])


def declare(bench: Bench, who: Actor, on: date = TODAY, **changes: Any) -> TestResponse:
    form = {"rights_id": rights(bench, who), "ended_on": "2026-06-30", "motive": "043"} | changes
    return bench.as_(who, on=on).post("/me/portability", json=form)


def upload(bench: Bench, who: Actor, kind: str = "attestation_are", released: bool = True) -> str:
    """The document service tells of a file of hers."""
    document = {"document_id": uuid.uuid4(), "owner": who.reference, "kind": kind}
    bench.tell(Received(**document, media_type="application/pdf", size=1000, sha256="00"))
    bench.tell(Released(**document) if released else Refused(**document, reason="L'antivirus a refusé ce fichier."))
    return str(document["document_id"])


def mine(bench: Bench, who: Actor) -> dict[str, Any]:
    return dict(bench.as_(who).get("/me/portability").json["items"][0])


def accept(bench: Bench, who: Actor, on: date = LATER) -> TestResponse:
    path = f"/persons/{who.reference.removeprefix('person:')}/portability-proof"
    return bench.as_(CASEWORKER, on=on).post(path, json={"received_on": on.isoformat()})


def refuse(bench: Bench, request_id: str, what: str = "proof-refusal", actor: Actor = CASEWORKER, **changes: Any) -> TestResponse:
    form = {"reason": "L'attestation ne porte pas la date de début de l'indemnisation."} | changes
    return bench.as_(actor, on=LATER).post(f"/portability-requests/{request_id}/{what}", json=form)


def test_dominique_declares_before_her_payroll_and_both_meet(bench: Bench, dominique: Actor) -> None:
    """S4:160: nothing told yet, it waits and shows so; the DSN speaks and wins on the day; her proof opens the portability."""
    shown = bench.as_(dominique).get("/me/portability").json
    assert [place["rights_id"] for place in shown["declarable"]] == [rights(bench, dominique)]
    assert (shown["items"], "043" in [motive["code"] for motive in shown["motives"]]) == ([], True)
    proof = upload(bench, dominique)
    done = declare(bench, dominique, documents=[proof])
    assert (done.status_code, done.json["state_label"]) == (201, "En attente de la DSN de votre employeur")
    assert "D'après ce que vous déclarez : 5 mois, jusqu'au 30/11/2026." in done.json["length"]
    assert (done.json["proofs"][0]["state_label"], done.json["proofs"][0]["kind"]) == ("Reçue", "attestation_are")
    assert bench.told(RightsChanged) == []
    bench.tell(ends(declaration(1), employment(DOMINIQUE), date(2026, 6, 28)))
    shown = mine(bench, dominique)
    assert shown["state_label"] == "Demande reçue"
    assert shown["difference"] == "Vous aviez déclaré le 30/06/2026 ; votre employeur a déclaré le 28/06/2026 : sa date est retenue."
    assert "Pour vous : 5 mois, jusqu'au 28/11/2026" in shown["length"]
    assert accept(bench, dominique).status_code == 204
    shown = mine(bench, dominique)
    assert (shown["state_label"], shown["portability"]["ends_on"]) == ("Accordée", "2026-11-28")
    assert [verb["verb"] for verb in shown["possible"]] == ["join"]
    assert [told.answer for told in bench.told(PortabilityAnswered)] == ["received"]


def test_the_payroll_spoke_first_and_a_proof_is_expected_then_refused_then_accepted(bench: Bench, dominique: Actor) -> None:
    bench.tell(ends(declaration(1), employment(DOMINIQUE)))
    request = declare(bench, dominique, LATER).json
    assert (request["state_label"], request["difference"]) == ("Pièce attendue", None)
    rejected = upload(bench, dominique, released=False)
    joined = bench.as_(dominique).post(f"/me/portability/{request['id']}/proofs", json={"documents": [rejected]})
    assert (joined.json["state_label"], joined.json["proofs"][0]["refusal"]) == ("Pièce attendue", "L'antivirus a refusé ce fichier.")
    first = upload(bench, dominique)
    joined = bench.as_(dominique).post(f"/me/portability/{request['id']}/proofs", json={"documents": [first]})
    assert joined.json["state_label"] == "Demande reçue"
    refused = refuse(bench, request["id"])
    assert (refused.status_code, refused.json["state_label"]) == (200, "Pièce attendue")
    shown = mine(bench, dominique)
    assert (shown["state"], shown["reason"]) == ("proof_expected", "L'attestation ne porte pas la date de début de l'indemnisation.")
    told = bench.told(PortabilityAnswered)[-1]
    assert (told.answer, told.reason and told.reason.value) == ("proof_refused", shown["reason"])
    bench.as_(dominique).post(f"/me/portability/{request['id']}/proofs", json={"documents": [upload(bench, dominique)]})
    assert mine(bench, dominique)["state"] == "received"
    accept(bench, dominique)
    assert mine(bench, dominique)["state"] == "granted"
    during = upload(bench, dominique, "avis_paiement_are")
    assert bench.as_(dominique).post(f"/me/portability/{request['id']}/proofs", json={"documents": [during]}).status_code == 200
    assert refuse(bench, request["id"]).json["state"] == "granted"


def test_a_refusal_closes_it_and_the_law_refuses_by_itself(bench: Bench, dominique: Actor) -> None:
    request = declare(bench, dominique).json
    closed = refuse(bench, request["id"], "refusal", reason="Vous avez retrouvé un emploi le 1er juillet.")
    assert (closed.json["state_label"], closed.json["reason"]) == ("Refusée", "Vous avez retrouvé un emploi le 1er juillet.")
    for what in ("refusal", "proof-refusal"):
        assert refuse(bench, request["id"], what).json["type"] == "/problemes/declaration-close"
    again = declare(bench, dominique).json
    bench.tell(ends(declaration(1), employment(DOMINIQUE), motive="088"))
    shown = mine(bench, dominique)
    assert (shown["id"], shown["state_label"]) == (again["id"], "Refusée")
    assert "La loi exclut la portabilité" in shown["reason"]


def test_it_ends_with_the_portability(bench: Bench, dominique: Actor) -> None:
    declare(bench, dominique)
    bench.tell(ends(declaration(1), employment(DOMINIQUE)))
    accept(bench, dominique)
    with bench.running.working() as work:
        work.pinned_today = date(2026, 12, 1)
        lapse(work, None)
    shown = mine(bench, dominique)
    assert (shown["state_label"], shown["possible"]) == ("Terminée", [])
    late = bench.as_(dominique).post(f"/me/portability/{shown['id']}/proofs", json={"documents": [str(uuid.uuid4())]})
    assert late.json["type"] == "/problemes/declaration-close"


def test_a_proof_that_did_not_come_during_may_still_be_joined(bench: Bench, dominique: Actor) -> None:
    """CSS L911-8: the benefit is proved at the opening and during; a cover that stopped for want of proof goes on with one."""
    request = declare(bench, dominique).json["id"]
    bench.tell(ends(declaration(1), employment(DOMINIQUE)))
    accept(bench, dominique)
    for act, day in ((ask_again, date(2026, 10, 12)), (give_up, date(2026, 11, 20))):
        with bench.running.working() as work:
            work.pinned_today = day
            act(work, None)
    assert mine(bench, dominique)["state_label"] == "Pièce attendue"
    late = upload(bench, dominique, "avis_paiement_are")
    joined = bench.as_(dominique).post(f"/me/portability/{request}/proofs", json={"documents": [late]})
    assert joined.status_code == 200
    assert accept(bench, dominique, date(2026, 11, 21)).status_code == 204
    assert mine(bench, dominique)["state_label"] == "Accordée"


def test_a_company_without_dsn_is_awaited_by_name_and_an_employers_word_reconciles_it_too(bench: Bench, dominique: Actor) -> None:
    emit_dsn(bench, False)
    assert declare(bench, dominique).json["state_label"] == "En attente de la déclaration de votre employeur"
    assert radiate(bench, DOMINIQUE).status_code == 201
    assert mine(bench, dominique)["state"] == "proof_expected"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ended_on": "2026-01-01"}, "ended_on"),
        ({"ended_on": "2027-01-01"}, "ended_on"),
        ({"ended_on": "hier"}, "ended_on"),
        ({"motive": "088"}, "motive"),
        ({"motive": "xyz"}, "motive"),
        ({"documents": ["pas un numéro"]}, "documents.0"),
        ({"documents": [str(uuid.uuid4()) for _ in range(7)]}, "documents"),
        ({"rights_id": None}, "rights_id"),
        ({"name": "ESSAI"}, "name"),
    ],
    ids=["before", "far ahead", "no day", "excluded by law", "unknown", "no id", "too many", "no rights", "unknown field"],
)
def test_what_cannot_be_declared_says_where(bench: Bench, dominique: Actor, changes: dict[str, Any], field: str) -> None:
    answer = declare(bench, dominique, **changes)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert bench.told(PortabilityAnswered) == []


def test_one_declaration_waits_at_a_time_and_may_be_taken_back(bench: Bench, dominique: Actor) -> None:
    request = declare(bench, dominique).json
    assert declare(bench, dominique).json["type"] == "/problemes/portabilite-deja-declaree"
    path = f"/me/portability/{request['id']}/withdrawal"
    assert bench.as_(dominique).post(path).json["state_label"] == "Retirée"
    assert bench.as_(dominique).post(path).json["type"] == "/problemes/declaration-close"
    assert declare(bench, dominique).status_code == 201


def test_two_declarations_at_once_make_one(bench: Bench, dominique: Actor) -> None:
    form = {"rights_id": rights(bench, dominique), "ended_on": "2026-06-30", "motive": "043"}
    with ThreadPoolExecutor(4) as many:
        answers = many.map(lambda _: bench.as_(dominique, on=TODAY).post("/me/portability", json=form).status_code, range(4))
    assert sorted(answers) == [201, 409, 409, 409]


def test_rights_that_are_over_or_granted_have_nothing_to_declare(bench: Bench, dominique: Actor) -> None:
    bench.tell(ends(declaration(1), employment(DOMINIQUE), motive="088"))
    answer = declare(bench, dominique)
    assert (answer.status_code, answer.json["type"]) == (409, "/problemes/portabilite-sans-objet")
    assert answer.json["detail"].startswith("Droits fermés. Fin de contrat le 30/06/2026")
    assert bench.as_(dominique).get("/me/portability").json["declarable"] == []


def test_a_document_of_somebody_else_proves_nothing(bench: Bench, dominique: Actor) -> None:
    bench.tell(finalised(CHARLIE), ends(declaration(1), employment(DOMINIQUE)))
    theirs = upload(bench, member(bench, CHARLIE))
    request = declare(bench, dominique, documents=[theirs]).json
    assert (request["proofs"][0]["state_label"], request["proofs"][0]["kind"]) == ("En cours de vérification", None)
    waiting = bench.as_(CASEWORKER).get("/portability-requests").json["items"]
    assert [(line["proofs"][0]["kind"], line["last_name"]) for line in waiting] == [(None, "ESSAI")]


def test_a_document_told_twice_or_out_of_order_stays_decided(bench: Bench, dominique: Actor) -> None:
    document = {"document_id": uuid.uuid4(), "owner": dominique.reference, "kind": "attestation_are"}
    bench.tell(Released(**document))
    bench.tell(Received(**document, media_type="application/pdf", size=1000, sha256="00"))
    assert declare(bench, dominique, documents=[str(document["document_id"])] * 2).json["proofs"][0]["state"] == "released"
    bench.tell(Released(document_id=uuid.uuid4(), owner="company:123456782", kind="piece_jointe"))
    assert bench.parked() == []


def test_what_waits_is_for_caseworkers_and_each_sees_her_own(bench: Bench, dominique: Actor) -> None:
    bench.tell(finalised(CHARLIE))
    charlie = member(bench, CHARLIE)
    first, second = declare(bench, dominique).json["id"], declare(bench, charlie).json["id"]
    page = bench.as_(CASEWORKER).get("/portability-requests?limit=1").json
    assert ([line["id"] for line in page["items"]], page["next"]) == ([first], first)
    rest = bench.as_(READER).get(f"/portability-requests?after={first}").json
    assert ([line["id"] for line in rest["items"]], rest["next"]) == ([second], None)
    assert [button["verb"] for button in rest["items"][0]["possible"]] == ["refuse_proof", "refuse"]
    assert refuse(bench, first, actor=READER).status_code == 403
    assert bench.as_(EMPLOYER).get("/portability-requests").status_code == 403
    assert bench.as_(EMPLOYER).get("/me/portability").status_code == 403
    for path in (f"/me/portability/{first}/withdrawal", f"/me/portability/{first}/proofs"):
        foreign = bench.as_(charlie).post(path, json={"documents": [str(uuid.uuid4())]} if "proofs" in path else None)
        missing = bench.as_(charlie).post(path.replace(first, str(uuid.uuid4())), json={"documents": [str(uuid.uuid4())]})
        assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert declare(bench, charlie, rights_id=rights(bench, dominique)).status_code == 404
    assert refuse(bench, first, reason="").status_code == 422
    refuse(bench, first, "refusal")
    assert [line["id"] for line in bench.as_(CASEWORKER).get("/portability-requests?answer=refused").json["items"]] == [first]


def test_the_database_alone_keeps_declarations_and_documents_apart(bench: Bench, dominique: Actor) -> None:
    bench.tell(finalised(CHARLIE))
    declare(bench, dominique, documents=[upload(bench, dominique)])
    tables = PortabilityRequest, PortabilityProof, Piece
    sights = {who.kind + who.reference: [seen(bench, who, table) for table in tables] for who in (dominique, EMPLOYER, CASEWORKER)}
    assert list(sights.values()) == [[1, 1, 1], [0, 0, 0], [1, 1, 1]]
    assert [seen(bench, member(bench, CHARLIE), table) for table in tables] == [0, 0, 0]
