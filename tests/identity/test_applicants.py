"""An applicant's way in: the link of the e-mail, the code of the letter, then codes to the e-mail that was given."""

import uuid
from datetime import date, timedelta

import pytest

from chassis.testing import Bench
from chassis.work import Told
from events import Fact, Sealed
from events.affiliation import Abandoned, ContactGiven, Finalised, Relaunched
from events.identity import CodeIssued, LinkIssued
from services.identity.subscribers import on_contact, on_journey
from tests.identity.clock import let_time_pass
from tests.identity.people import AFFILIATION, ELSEWHERE, SIREN, Visitor, actor_of, ask_edge, form, problem, signed_in

LETTER = {"medium": "post", "email": None, "address": Sealed("1 rue Fictive\n75001 PARIS")}
PLACE = {"affiliation_id": AFFILIATION, "siren": SIREN, "siret": "12345678200010"}


@pytest.fixture
def dominique(bench: Bench) -> Visitor:
    return Visitor(bench)


def finalised() -> Fact:
    told = {name: Sealed("x") for name in ("first_name", "last_name", "birth_on", "nir", "iban")}
    return Finalised(**PLACE, contract_reference="SANTE-EX-0001", professional_status="01", starts_on=date(2026, 2, 1), **told)


def test_the_link_of_the_email_opens_the_form_once(bench: Bench, dominique: Visitor):
    bench.tell(form())
    (link,) = bench.told(LinkIssued)
    assert (link.channel, link.to.value, link.reminder, link.establishment_name) == (
        "email",
        "dominique@exemple.fr",
        False,
        "RESTAURANT FICTIF",
    )
    opened = dominique.post("/access", token=link.token.value)
    assert (opened.status_code, opened.json["affiliation_id"]) == (201, str(AFFILIATION))
    actor = actor_of(bench, opened.json["token"])
    assert (actor.kind, actor.reference, actor.account_id) == ("applicant", f"affiliation:{AFFILIATION}", None)
    assert signed_in(bench, opened.json["token"]).get("/me").json["first_name"] == "Dominique"
    assert problem(dominique.post("/access", token=link.token.value)) == (409, "acces-refuse-lien")


def test_the_code_of_the_letter_opens_it_typed_with_or_without_dashes(bench: Bench, dominique: Visitor):
    bench.tell(form(**LETTER))
    (link,) = bench.told(LinkIssued)
    assert (link.channel, link.to.value) == ("post", "1 rue Fictive\n75001 PARIS")
    assert dominique.post("/access", token=f" {link.token.value.lower().replace('-', ' ')}").status_code == 201
    assert problem(dominique.post("/access", token=link.token.value)) == (409, "acces-refuse-lien")


def test_a_reminder_carries_a_new_link_and_kills_the_older(bench: Bench, dominique: Visitor):
    bench.tell(form())
    older = dominique.last_link()
    bench.tell(form(Relaunched))
    assert [link.reminder for link in bench.told(LinkIssued)] == [False, True]
    assert problem(dominique.post("/access", token=older)) == (409, "acces-refuse-lien")
    assert dominique.post("/access", token=dominique.last_link()).status_code == 201


def test_the_same_sending_told_again_after_a_restore_sends_no_second_link(bench: Bench, dominique: Visitor):
    bench.tell(form())
    bench.tell(form())
    assert len(bench.told(LinkIssued)) == 1


def test_a_link_lives_thirty_days(bench: Bench, dominique: Visitor):
    bench.tell(form())
    let_time_pass(bench, "30 days 1 minute")
    assert problem(dominique.post("/access", token=dominique.last_link())) == (409, "acces-refuse-lien")


def test_twenty_wrong_links_from_one_address_and_it_waits(bench: Bench, dominique: Visitor):
    bench.tell(form())
    for _ in range(20):
        assert problem(dominique.post("/access", token="ABCDE-FGHJK")) == (409, "acces-refuse-lien")
    assert problem(dominique.post("/access", token=dominique.last_link())) == (429, "trop-de-demandes")
    elsewhere = Visitor(bench, address=ELSEWHERE)
    assert elsewhere.post("/access", token=dominique.last_link()).status_code == 201


def test_dominique_comes_back_on_another_device_with_a_code_by_email(bench: Bench, dominique: Visitor):
    bench.tell(form())
    assert come_back(dominique).status_code == 201
    assert (bench.told(CodeIssued)[-1].purpose, bench.told(CodeIssued)[-1].kind) == ("return", "applicant")


def test_after_a_letter_the_code_goes_to_the_email_that_was_given(bench: Bench, dominique: Visitor):
    bench.tell(form(**LETTER))
    assert come_back(dominique) is None
    bench.tell(ContactGiven(**PLACE, email=Sealed("dominique@exemple.fr")))
    let_time_pass(bench, "2 minutes")
    assert come_back(dominique).status_code == 201


def test_an_email_corrected_by_the_employer_closes_the_box_that_was_wrong(bench: Bench, dominique: Visitor):
    bench.tell(form(email=Sealed("mauvaise@exemple.fr")))
    bench.tell(form(Relaunched))
    assert come_back(Visitor(bench, email="mauvaise@exemple.fr")) is None
    assert come_back(dominique).status_code == 201


def test_the_correction_ends_what_the_wrong_box_had_begun(bench: Bench, dominique: Visitor):
    stranger = Visitor(bench, email="mauvaise@exemple.fr")
    bench.tell(form(email=Sealed(stranger.email)))
    token = stranger.post("/access", token=stranger.last_link()).json["token"]
    access_id = stranger.post("/access/codes", email=stranger.email).json["access_id"]
    bench.work()
    code = stranger.last_code()
    bench.tell(form(Relaunched))
    assert ask_edge(bench, token).status_code == 401
    assert problem(stranger.post(f"/access/codes/{access_id}/proof", code=code)) == (409, "code-refuse")
    assert dominique.post("/access", token=dominique.last_link()).status_code == 201


def test_a_code_on_its_way_to_the_address_before_opens_nothing_after_another_is_given(bench: Bench, dominique: Visitor):
    bench.tell(form(email=Sealed("avant@exemple.fr")))
    access_id = dominique.post("/access/codes", email="avant@exemple.fr").json["access_id"]
    bench.work()
    bench.tell(ContactGiven(**PLACE, email=Sealed("dominique@exemple.fr")))
    assert problem(dominique.post(f"/access/codes/{access_id}/proof", code=dominique.last_code())) == (409, "code-refuse")


def test_older_words_told_again_do_not_bring_an_older_address_back(bench: Bench, dominique: Visitor):
    older = ContactGiven(**PLACE, email=Sealed("avant@exemple.fr"))
    bench.tell(form(), ContactGiven(**PLACE, email=Sealed("dominique@exemple.fr")))
    with bench.running.working() as work:
        yesterday = work.now - timedelta(days=1)
        for handler, fact in ((on_contact, older), (on_journey, form(email=Sealed("avant@exemple.fr")))):
            handler(work, [Told(fact=fact, id=uuid.uuid4(), time=yesterday, brand="hcr", trace="")], None)
    assert come_back(Visitor(bench, email="avant@exemple.fr")) is None
    assert come_back(dominique).status_code == 201
    assert len(bench.told(LinkIssued)) == 1


def test_ten_wrong_codes_a_day_then_an_applicant_waits(bench: Bench, dominique: Visitor):
    bench.tell(form())
    for _ in range(2):
        let_time_pass(bench, "2 minutes")
        access_id = dominique.post("/access/codes", email=dominique.email).json["access_id"]
        bench.work()
        for _ in range(5):
            assert problem(dominique.post(f"/access/codes/{access_id}/proof", code="12345X")) == (409, "code-refuse")
    let_time_pass(bench, "2 minutes")
    assert problem(come_back(dominique)) == (429, "trop-de-demandes")


def test_of_two_forms_the_one_still_open_is_meant(bench: Bench, dominique: Visitor):
    other = uuid.uuid4()
    bench.tell(form(), form(affiliation_id=other))
    bench.tell(Abandoned(affiliation_id=other, siren=SIREN, siret="12345678200010", by="employer"))
    assert come_back(dominique).json["affiliation_id"] == str(AFFILIATION)


def test_a_finalised_form_is_read_again_but_its_links_are_over(bench: Bench, dominique: Visitor):
    bench.tell(form())
    token = dominique.post("/access", token=dominique.last_link()).json["token"]
    bench.tell(form(Relaunched))
    bench.tell(finalised())
    assert problem(dominique.post("/access", token=dominique.last_link())) == (409, "acces-refuse-lien")
    assert ask_edge(bench, token).status_code == 200
    assert come_back(dominique).status_code == 201


def test_an_abandoned_form_ends_every_way_in(bench: Bench, dominique: Visitor):
    bench.tell(form())
    token = dominique.post("/access", token=dominique.last_link()).json["token"]
    access_id = dominique.post("/access/codes", email=dominique.email).json["access_id"]
    bench.work()
    bench.tell(Abandoned(**PLACE, by="employer"))
    assert ask_edge(bench, token).status_code == 401
    assert problem(dominique.post(f"/access/codes/{access_id}/proof", code=dominique.last_code())) == (409, "code-refuse")
    let_time_pass(bench, "2 minutes")
    assert come_back(dominique) is None


def test_news_of_a_form_that_was_never_heard_of_is_kept(bench: Bench, dominique: Visitor):
    bench.tell(ContactGiven(**PLACE, email=Sealed("dominique@exemple.fr")))
    assert come_back(dominique).status_code == 201
    assert bench.parked() == []


def test_an_applicant_session_ends_after_two_hours_whatever_is_done(bench: Bench, dominique: Visitor):
    bench.tell(form())
    token = dominique.post("/access", token=dominique.last_link()).json["token"]
    for _ in range(5):
        let_time_pass(bench, "23 minutes")
        assert ask_edge(bench, token).status_code == 200
    let_time_pass(bench, "6 minutes")
    assert ask_edge(bench, token).status_code == 401


def come_back(visitor: Visitor):
    """Ask for a code and give it; ``None`` when no code left."""
    before = len(visitor.bench.told(CodeIssued))
    asked = visitor.post("/access/codes", email=visitor.email)
    assert asked.status_code == 202, asked.json
    visitor.bench.work()
    if len(visitor.bench.told(CodeIssued)) == before:
        return None
    return visitor.post(f"/access/codes/{asked.json['access_id']}/proof", code=visitor.last_code())
