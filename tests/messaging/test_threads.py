"""The mailbox: Nadia writes for her company (S1:321-342), Dominique for herself (S0:229-259), a caseworker answers."""

import uuid
from datetime import date

import pytest
from sqlalchemy import text

from chassis.actor import Actor
from events.documents import Received, Refused
from events.employers import CompanyRegistered
from events.messaging import ThreadAnswered, ThreadOpened
from tests.messaging.conftest import NADIA, RIGHTS, SIREN, Post, activated, company, dominique, employer, member, nadia_reads
from tests.messaging.conftest import opened as rights

QUESTION = {"motif": "cotisations", "object": "Appel de juillet", "text": "Bonjour,\nle montant me surprend."}
CASEY = Actor(kind="caseworker", brand="hcr", space="conseil", account_id=uuid.UUID(int=3), grants={"platform": "handle"})
READER = Actor(kind="caseworker", brand="hcr", space="conseil", account_id=uuid.UUID(int=4), grants={"platform": "read"})
OTHER = "987654324"
VICTOR = employer(uuid.UUID(int=5), **{OTHER: "administrator"})
FRIDAY = date(2026, 7, 3)


@pytest.fixture(autouse=True)
def everybody(bench):
    bench.tell(*company(), dominique(), activated(), nadia_reads())


def opened(bench, **changes) -> dict:
    answer = bench.as_(employer(), on=FRIDAY).post("/threads", json=QUESTION | changes)
    assert answer.status_code == 201, answer.json
    return answer.json


def test_the_motives_are_the_guide_s_and_offer_the_action_first(bench):
    groups = bench.as_(employer()).get("/motifs").json["items"]
    assert {group["group"]: [motif["label"] for motif in group["motifs"]] for group in groups} == {
        "Gérer mon contrat": [
            "Information sur les cotisations",
            "Intégration d'une nouvelle entreprise à mon périmètre de gestion",
            "Autre demande",
        ],
        "Gérer mes salariés": ["Affiliation d'un salarié", "Radiation d'un salarié", "Transmettre des documents pour mon salarié"],
    }
    assert {motif["delay"] for group in groups for motif in group["motifs"] if motif["key"] == "radiation"} == {
        "Réponse sous 2 jours ouvrés."
    }


def offered(bench, who=None, **query) -> dict[str, list[str]]:
    """What does it at once, by motive."""
    groups = bench.as_(who or employer()).get("/motifs", query_string=query).json["items"]
    return {motif["key"]: [offer["api"] for offer in motif["offers"]] for group in groups for motif in group["motifs"]}


def test_a_motive_offers_first_what_does_it_at_once(bench):
    assert offered(bench) == {
        "cotisations": ["GET /api/members/contracts"],
        "nouvelle_entreprise": ["POST /api/employers/scope-requests"],
        "autre": [],
        "affiliation": ["POST /api/affiliation/affiliations"],
        "radiation": ["GET /api/members/employees"],  # the payroll does it (S1:312)
        "documents_salarie": [],
    }
    found = bench.as_(employer()).get("/motifs").json
    assert (found["most_documents"], found["reply"]) == (6, "Un e-mail vous annonce la réponse ; elle se lit dans votre espace.")


def test_a_company_without_dsn_is_offered_the_radiation_itself(bench):
    """S1:314."""
    bench.tell(CompanyRegistered(siren=OTHER, company_name="SANS PAIE", insurer="klesia", emits_dsn=False))
    declarant = employer(NADIA, **{SIREN: "administrator", OTHER: "user"})
    direct, payroll = ["POST /api/members/radiations"], ["GET /api/members/employees"]
    assert [offered(bench, declarant, **query)["radiation"] for query in ({}, {"company": SIREN}, {"company": OTHER})] == [
        payroll + direct, payroll, direct,
    ]  # fmt: skip
    refused = bench.as_(employer()).get("/motifs", query_string={"company": OTHER})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "company")


def test_a_conversation_is_about_an_employee_of_the_company(bench):
    bench.tell(dominique(), rights())
    thread = opened(bench, motif="radiation", employee=str(RIGHTS))
    assert (thread["employee"], thread["about"]) == ("Dominique ESSAI", f"rights:{RIGHTS}")
    assert bench.as_(CASEY).get(f"/threads/{thread['id']}").json["employee"] == "Dominique ESSAI"
    assert bench.as_(employer()).get("/threads").json["items"][0]["employee"] == "Dominique ESSAI"
    foreign, missing = (
        bench.as_(actor).post("/threads", json=QUESTION | {"motif": "radiation", "employee": str(one)})
        for actor, one in ((VICTOR, RIGHTS), (employer(), uuid.uuid4()))
    )
    assert (foreign.status_code, foreign.data) == (422, missing.data)
    elsewhere = bench.as_(employer()).post("/threads", json=QUESTION | {"employee": str(RIGHTS)})
    assert elsewhere.json["errors"] == [{"field": "employee", "message": "Ce motif ne concerne pas un salarié en particulier."}]


def test_nadia_writes_and_is_told_by_when_she_will_be_answered(bench):
    thread = opened(bench)
    assert (thread["state_label"], thread["company"], thread["read"]) == ("En attente de réponse", SIREN, True)
    assert thread["promise"] == "Réponse attendue au plus tard le 08/07/2026."  # three working days after a Friday
    assert [(one["author_label"], one["text"]) for one in thread["messages"]] == [("Vous", QUESTION["text"])]
    late = bench.as_(employer(), on=date(2026, 7, 9)).get("/threads").json["items"][0]["promise"]
    assert late.startswith("Nous avons pris du retard")


def test_a_caseworker_answers_and_the_mail_says_nothing_of_it(bench):
    thread = opened(bench)
    answer = bench.as_(CASEY).post(f"/threads/{thread['id']}/messages", json={"text": "Le taux a changé au 1er juillet."})
    assert (answer.status_code, answer.json["state_label"]) == (201, "Répondu")
    bench.tell(*bench.told(ThreadAnswered))
    [mail] = [one for one in Post(bench).box() if one["subject"].startswith("Une réponse")]
    assert "taux" not in mail["text"] + mail["html"]
    assert mail["link"] == f"http://entreprise.hcr.localhost:8080/messages/{thread['id']}"
    page = bench.as_(employer()).get("/threads").json
    assert (page["unread"], page["items"][0]["read"]) == (1, False)
    assert bench.as_(employer()).get("/notices").json["items"][0]["title"].startswith("Nous vous avons répondu")
    seen = bench.as_(employer()).post(f"/threads/{thread['id']}/read").json
    assert [one["author_label"] for one in seen["messages"]] == ["Vous", "Votre conseiller"]
    assert bench.as_(employer()).get("/threads").json["unread"] == 0


def test_asking_again_waits_again_and_a_closed_thread_takes_nothing_more(bench):
    thread = opened(bench)
    bench.as_(CASEY).post(f"/threads/{thread['id']}/messages", json={"text": "Voici."})
    again = bench.as_(employer()).post(f"/threads/{thread['id']}/messages", json={"text": "Et pour août ?"})
    assert again.json["state"] == "asked"
    assert [one["id"] for one in bench.as_(CASEY).get("/threads?state=asked").json["items"]] == [thread["id"]]
    for _time in range(2):
        assert bench.as_(CASEY).post(f"/threads/{thread['id']}/close").json["state_label"] == "Clos"
    refused = bench.as_(employer()).post(f"/threads/{thread['id']}/messages", json={"text": "Encore"})
    assert (refused.status_code, refused.json["type"]) == (409, "/problemes/conversation-close")


def sent(bench, owner: str = f"account:{NADIA}", number: int = 1) -> list[str]:
    """Files that the documents service told of."""
    ids = [uuid.uuid4() for _ in range(number)]
    kept = {"kind": "piece_jointe", "media_type": "application/pdf", "size": 9, "sha256": "0" * 64}
    bench.tell(*(Received(document_id=one, owner=owner, **kept) for one in ids))
    return [str(one) for one in ids]


def test_only_documents_of_hers_or_of_her_company_travel_with_a_message(bench):
    """A foreign document and one that does not exist are refused alike; what the antivirus refused too."""
    mine, ours = sent(bench), sent(bench, f"company:{SIREN}")
    foreign, refused = sent(bench, f"company:{OTHER}"), sent(bench)
    bench.tell(Refused(document_id=uuid.UUID(refused[0]), owner=f"account:{NADIA}", kind="piece_jointe", reason="Infecté."))
    assert opened(bench, documents=mine + ours + mine)["messages"][0]["documents"] == mine + ours
    answers = [
        bench.as_(employer()).post("/threads", json=QUESTION | {"documents": one}) for one in (foreign, refused, [str(uuid.uuid4())])
    ]
    assert {(answer.status_code, answer.data) for answer in answers} == {(422, answers[0].data)}
    assert answers[0].json["errors"][0]["field"] == "documents"


def test_a_caseworker_sends_what_the_other_side_can_read(bench):
    thread = opened(bench)
    path, said = f"/threads/{thread['id']}/messages", {"text": "Voici votre attestation."}
    for owner, status in ((f"account:{CASEY.account_id}", 422), (f"company:{OTHER}", 422), (f"account:{NADIA}", 201)):
        assert bench.as_(CASEY).post(path, json=said | {"documents": sent(bench, owner)}).status_code == status, owner


def test_six_documents_and_not_one_more(bench):
    """S1:342."""
    six = sent(bench, number=6)
    assert opened(bench, documents=six)["messages"][0]["documents"] == six
    refused = bench.as_(employer()).post("/threads", json=QUESTION | {"documents": [*six, str(uuid.uuid4())]})
    assert (refused.status_code, refused.json["errors"]) == (
        422,
        [{"field": "documents", "message": "Un message porte 6 documents au plus."}],
    )
    assert len(bench.as_(employer()).get("/threads").json["items"]) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"motif": "inconnu"}, "motif"),
        ({"motif": "remboursement"}, "motif"),
        ({"company": "987654324"}, "company"),
        ({"object": ""}, "object"),
        ({"object": "Bonjour\r\nBcc: tous@exemple.fr"}, "object"),
        ({"text": "a\0b"}, "text"),
        ({"text": "x" * 5_001}, "text"),
        ({"documents": ["ici"]}, "documents.0"),
        ({"employee": "Dominique"}, "employee"),
    ],
)
def test_a_message_that_does_not_hold_is_refused_at_its_field(bench, change, field):
    refused = bench.as_(employer()).post("/threads", json=QUESTION | change)
    assert (refused.status_code, [error["field"] for error in refused.json["errors"]]) == (422, [field])


def test_a_megabyte_of_words_is_not_even_read(bench):
    refused = bench.as_(employer()).post("/threads", json=QUESTION | {"text": "x" * 1_000_000})
    assert (refused.status_code, refused.json["type"]) == (413, "/problemes/trop-volumineux")


def test_who_acts_for_several_companies_says_for_which(bench):
    nadia = employer(NADIA, **{SIREN: "administrator", "987654324": "user"})
    assert bench.as_(nadia).post("/threads", json=QUESTION).json["errors"][0]["field"] == "company"
    assert bench.as_(nadia).post("/threads", json=QUESTION | {"company": "987654324"}).status_code == 201


def test_dominique_writes_for_herself_in_her_own_space(bench):
    written = bench.as_(member()).post("/threads", json=QUESTION | {"motif": "remboursement"})
    assert (written.status_code, written.json["company"]) == (201, None)
    assert len(bench.as_(member()).get("/threads").json["items"]) == 1


def test_nobody_reads_another_s_mailbox(bench):
    thread = opened(bench)
    gone = employer(NADIA, **{"987654324": "administrator"})
    colleague = employer(uuid.UUID(int=6))
    stranger = Actor(kind="member", brand="hcr", space="assure", account_id=uuid.uuid4(), reference=f"person:{uuid.uuid4()}")
    elsewhere = Actor(kind="employer", brand="klesia-pro", account_id=NADIA, reference=f"account:{NADIA}", grants={SIREN: "administrator"})
    for actor in (gone, colleague, stranger, elsewhere, VICTOR):
        assert bench.as_(actor).get("/threads").json["items"] == []
        assert bench.as_(actor).get(f"/threads/{thread['id']}").status_code == 404
        assert bench.as_(actor).post(f"/threads/{thread['id']}/messages", json={"text": "x"}).status_code == 404
        with bench.running.begin(actor).session as session:
            assert [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("thread", "message")] == [0, 0]


def test_a_caseworker_who_only_reads_answers_nobody(bench):
    thread = opened(bench)
    assert bench.as_(READER).get(f"/threads/{thread['id']}").status_code == 200
    for verb, body in (("messages", {"text": "x"}), ("close", None)):
        assert bench.as_(READER).post(f"/threads/{thread['id']}/{verb}", json=body).status_code == 403
    assert bench.as_(CASEY).post("/threads", json=QUESTION).status_code == 403


def test_a_long_mailbox_is_turned_page_by_page(bench):
    for number in range(3):
        opened(bench, object=f"Question {number}")
    seen, after = [], None
    for _page in range(3):
        page = bench.as_(employer()).get("/threads", query_string={"limit": 1} | ({"after": after} if after else {})).json
        seen += [one["object"] for one in page["items"]]
        after = page["next"]
    assert (seen, after) == (["Question 2", "Question 1", "Question 0"], None)


def test_dominique_is_told_that_a_caseworker_read_her_conversation_and_nobody_else_s_reading_is(bench):
    hers = bench.as_(member()).post("/threads", json=QUESTION | {"motif": "remboursement"}).json
    companys = opened(bench)
    for reader, thread in ((member(), hers), (CASEY, companys), (employer(), companys)):
        assert bench.as_(reader).get(f"/threads/{thread['id']}").status_code == 200
    assert bench.as_(VICTOR).get(f"/threads/{hers['id']}").status_code == 404
    assert bench.told(ThreadOpened) == []
    assert bench.as_(READER).get(f"/threads/{hers['id']}").status_code == 200
    (told,) = bench.told(ThreadOpened)
    assert (told.about, told.reader, told.role) == (member().reference, "caseworker", "read")
