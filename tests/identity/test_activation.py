"""The first connection of members and employers."""

import uuid

import pytest
from sqlalchemy import text

from chassis.testing import Bench
from events.identity import AccountActivated, CodeIssued, PasswordLinkIssued
from tests.identity.clock import let_time_pass
from tests.identity.people import BETTER, SIREN, Visitor, employer, person, problem


@pytest.fixture
def dominique(bench: Bench) -> Visitor:
    bench.tell(person())
    return Visitor(bench)


@pytest.fixture
def alix(bench: Bench) -> Visitor:
    return Visitor(bench, space="entreprise", email="rh@exemple.fr")


def test_dominique_opens_her_space_with_a_code_by_email_and_a_password(bench: Bench, dominique: Visitor):
    rule = dominique.door.get("/password-rule").json
    assert (rule["min_length"], rule["terms"]["version"]) == (8, "2026-01")
    assert [criterion["key"] for criterion in rule["criteria"]] == [
        "min_length",
        "upper",
        "lower",
        "digit_or_special",
        "uncommon",
        "impersonal",
    ]
    answer = dominique.activate()
    assert answer.status_code == 201, answer.json
    (code,), (told,) = bench.told(CodeIssued), bench.told(AccountActivated)
    assert (code.channel, code.purpose, code.kind, code.to.value) == ("email", "activation", "member", "dominique@exemple.fr")
    assert (told.kind, told.reference, str(told.account_id)) == ("member", person().subject, answer.json["account_id"])
    assert (told.email.value, told.phone.value, told.last_name.value) == ("dominique@exemple.fr", "+33639980001", "ESSAI")
    assert bench.parked() == []


def test_the_code_goes_by_sms_when_asked_and_a_mobile_is_on_file(bench: Bench, dominique: Visitor):
    dominique.activate(channel="sms")
    assert [(code.channel, code.to.value) for code in bench.told(CodeIssued)] == [("sms", "+33639980001")]


def test_the_code_goes_by_email_when_no_mobile_is_on_file(bench: Bench):
    bench.tell(person(phone="+33144209780"))
    Visitor(bench).activate(channel="sms")
    assert [code.channel for code in bench.told(CodeIssued)] == ["email"]


def test_the_right_code_says_whose_the_account_is_and_nothing_before_does(bench: Bench, dominique: Visitor):
    asked = dominique.post("/activations", email="Dominique@Exemple.fr", channel="sms")
    bench.work()
    assert "••" not in asked.text
    proved = dominique.prove(asked.json["activation_id"], f" {dominique.last_code()[:3]} {dominique.last_code()[3:]} ")
    assert (proved.status_code, proved.json["first_name"], proved.json["email_hint"]) == (200, "Dominique", "d•••@exemple.fr")


def test_a_wrong_code_leaves_four_tries_then_three_and_the_right_one_is_refused_after_five(bench: Bench, dominique: Visitor):
    activation_id = dominique.post("/activations", email=dominique.email).json["activation_id"]
    bench.work()
    right = dominique.last_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert [dominique.prove(activation_id, wrong).json["remaining"] for _ in range(5)] == [4, 3, 2, 1, 0]
    assert problem(dominique.prove(activation_id, right)) == (409, "code-refuse")


def test_a_code_serves_once(bench: Bench, dominique: Visitor):
    activation_id = dominique.post("/activations", email=dominique.email).json["activation_id"]
    bench.work()
    assert dominique.prove(activation_id, dominique.last_code()).status_code == 200
    assert problem(dominique.prove(activation_id, dominique.last_code())) == (409, "code-refuse")


def test_a_new_code_kills_the_older_one(bench: Bench, dominique: Visitor):
    first = dominique.post("/activations", email=dominique.email).json["activation_id"]
    bench.work()
    older = dominique.last_code()
    let_time_pass(bench, "2 minutes")
    second = dominique.post("/activations", email=dominique.email).json["activation_id"]
    bench.work()
    assert problem(dominique.prove(first, older)) == (409, "code-refuse")
    assert dominique.prove(second, dominique.last_code()).status_code == 200


def test_a_code_is_over_after_ten_minutes(bench: Bench, dominique: Visitor):
    activation_id = dominique.post("/activations", email=dominique.email).json["activation_id"]
    bench.work()
    let_time_pass(bench, "11 minutes")
    assert problem(dominique.prove(activation_id, dominique.last_code())) == (409, "code-refuse")


def test_asking_again_within_a_minute_is_too_soon_whoever_asks(bench: Bench, dominique: Visitor):
    for email in (dominique.email, "inconnue@exemple.fr"):
        assert dominique.post("/activations", email=email).status_code == 202
        again = dominique.post("/activations", email=email)
        assert problem(again) == (429, "trop-de-demandes")
        assert 50 < int(again.headers["Retry-After"]) <= 60


def test_ten_wrong_codes_a_day_then_a_new_code_gives_no_new_tries_whoever_asks(bench: Bench, dominique: Visitor):
    for email in (dominique.email, "inconnue@exemple.fr"):
        for _ in range(2):
            let_time_pass(bench, "2 minutes")
            activation_id = dominique.post("/activations", email=email).json["activation_id"]
            bench.work()
            for _ in range(5):
                assert problem(dominique.prove(activation_id, "12345X")) == (409, "code-refuse")
        assert problem(dominique.prove(activation_id, dominique.last_code())) == (429, "trop-de-demandes")


def test_an_address_that_is_corrected_meanwhile_opens_nothing_to_whoever_reads_the_older_box(bench: Bench):
    bench.tell(person("mauvaise@exemple.fr"))
    stranger = Visitor(bench, email="mauvaise@exemple.fr")
    activation_id = stranger.post("/activations", email=stranger.email).json["activation_id"]
    bench.work()
    proof = stranger.prove(activation_id, stranger.last_code()).json["proof"]
    bench.tell(person("dominique@exemple.fr"))
    assert problem(stranger.choose(activation_id, proof)) == (409, "preuve-refusee")
    assert bench.told(AccountActivated) == []
    assert Visitor(bench).activate().status_code == 201


def test_an_unmet_password_names_each_missing_criterion(bench: Bench, dominique: Visitor):
    refused = dominique.activate("abc")
    assert problem(refused) == (422, "mot-de-passe-refuse")
    assert [criterion["key"] for criterion in refused.json["criteria"]] == ["min_length", "upper", "digit_or_special"]
    assert bench.told(AccountActivated) == []


@pytest.mark.parametrize(
    ("password", "key"), [("Bonjour2024!", "uncommon"), ("Dominique-42", "impersonal"), ("xHCR-Bien-Être9", "impersonal")]
)
def test_common_and_personal_passwords_are_refused(dominique: Visitor, password: str, key: str):
    assert [criterion["key"] for criterion in dominique.activate(password).json["criteria"]] == [key]


def test_a_proof_serves_once_and_only_its_own_activation(bench: Bench, dominique: Visitor):
    activation_id = dominique.post("/activations", email=dominique.email).json["activation_id"]
    bench.work()
    proof = dominique.prove(activation_id, dominique.last_code()).json["proof"]
    assert problem(dominique.choose(uuid.uuid4(), proof)) == (409, "preuve-refusee")
    assert problem(dominique.choose(activation_id, proof + "x")) == (409, "preuve-refusee")
    assert problem(dominique.choose(activation_id, proof, terms="2020-01")) == (409, "conditions-a-accepter")
    assert dominique.choose(activation_id, proof).status_code == 201
    assert problem(dominique.choose(activation_id, proof, BETTER)) == (409, "preuve-refusee")


def test_an_activation_of_a_space_that_is_open_sends_a_link_to_a_new_password_and_no_code(bench: Bench, dominique: Visitor):
    dominique.activate()
    let_time_pass(bench, "2 minutes")
    asked = dominique.post("/activations", email=dominique.email, channel="sms")
    bench.work()
    assert (asked.status_code, len(bench.told(CodeIssued)), len(bench.told(PasswordLinkIssued))) == (202, 1, 1)
    assert bench.told(PasswordLinkIssued)[0].to.value == dominique.email


def test_a_corrected_email_serves_until_the_account_is_activated(bench: Bench, dominique: Visitor):
    bench.tell(person(email="nouvelle@exemple.fr"))
    dominique.post("/activations", email="dominique@exemple.fr")
    bench.work()
    assert bench.told(CodeIssued) == []
    dominique.email = "nouvelle@exemple.fr"
    assert dominique.activate().status_code == 201
    bench.tell(person(email="encore@exemple.fr"))
    assert dominique.sign_in().status_code == 202


def test_two_persons_with_one_box_make_one_account_and_no_fact_is_parked(bench: Bench, dominique: Visitor):
    bench.tell(person(person_id=uuid.uuid4()))
    assert bench.parked() == []
    assert dominique.activate().status_code == 201
    assert bench.told(AccountActivated)[0].reference == person().subject


def test_the_same_email_is_two_accounts_in_two_spaces(bench: Bench, dominique: Visitor):
    dominique.activate()
    alix = Visitor(bench, space="entreprise", email=dominique.email)
    assert problem(alix.sign_in()) == (401, "identifiants-incorrects")


def test_alix_activates_her_company_with_the_code_sent_to_its_contact(bench: Bench, alix: Visitor):
    activation_id = uuid.uuid4()
    bench.tell(employer(activation_id, phone="+33639980009"))
    (code,) = bench.told(CodeIssued)
    assert (code.kind, code.channel, code.to.value) == ("employer", "email", "contact@exemple.fr")
    proved = alix.prove(activation_id, alix.last_code())
    assert (proved.json["first_name"], proved.json["email_hint"]) == ("Alix", "r•••@exemple.fr")
    assert alix.choose(activation_id, proved.json["proof"], "Bruine-Lac-12").status_code == 201
    (told,) = bench.told(AccountActivated)
    assert (told.kind, told.reference, told.activation_id) == ("employer", f"company:{SIREN}", activation_id)


def test_without_an_email_on_file_the_code_of_a_company_leaves_by_letter_and_lives_a_month(bench: Bench, alix: Visitor):
    activation_id = uuid.uuid4()
    bench.tell(employer(activation_id, contact_email=None, contact_address="1 rue Fictive\n75001 PARIS"))
    (code,) = bench.told(CodeIssued)
    assert (code.channel, len(code.code.value), code.code.value[5]) == ("post", 11, "-")
    let_time_pass(bench, "29 days")
    assert alix.prove(activation_id, code.code.value.lower().replace("-", " ")).status_code == 200


def test_a_request_told_twice_sends_one_code(bench: Bench):
    activation_id = uuid.uuid4()
    bench.tell(employer(activation_id), employer(activation_id))
    assert len(bench.told(CodeIssued)) == 1
    assert bench.parked() == []


def test_the_contact_of_another_company_cannot_take_over_the_account_of_alix(bench: Bench, alix: Visitor):
    first, second = uuid.uuid4(), uuid.uuid4()
    bench.tell(employer(first))
    alix.choose(first, alix.prove(first, alix.last_code()).json["proof"], "Bruine-Lac-12")
    bench.tell(employer(second, siren="987654324", contact_email="mallory@exemple.fr"))
    proof = alix.prove(second, alix.last_code()).json["proof"]
    assert problem(alix.choose(second, proof, "Un-Autre-Mot-9")) == (401, "identifiants-incorrects")
    assert alix.choose(second, proof, "Bruine-Lac-12").status_code == 201
    told = bench.told(AccountActivated)
    assert [fact.reference for fact in told] == [f"company:{SIREN}", "company:987654324"]
    assert len({fact.account_id for fact in told}) == 1


def test_who_adds_a_company_to_her_account_accepts_the_terms_of_the_day(bench: Bench, alix: Visitor):
    for activation_id, siren in ((uuid.uuid4(), SIREN), (uuid.uuid4(), "987654324")):
        bench.tell(employer(activation_id, siren=siren))
        with bench.running.working() as work:
            work.session.execute(text("UPDATE account SET terms_version = '2020-01'"))
        alix.choose(activation_id, alix.prove(activation_id, alix.last_code()).json["proof"], "Bruine-Lac-12")
    with bench.running.working() as work:
        assert work.session.scalar(text("SELECT terms_version FROM account")) == "2026-01"


def test_an_employer_does_not_open_her_space_with_an_address_alone(bench: Bench, alix: Visitor):
    assert problem(alix.post("/activations", email=alix.email)) == (409, "espace-sans-activation")


def test_caseworkers_do_not_open_their_space_that_way(bench: Bench):
    assert problem(Visitor(bench, space="conseil").post("/activations", email="c@exemple.fr")) == (409, "espace-sans-activation")


def test_a_brand_or_space_that_does_not_exist_has_no_door(bench: Bench):
    for visitor in (Visitor(bench, brand="inconnue"), Visitor(bench, space="cuisine")):
        assert problem(visitor.sign_in()) == (404, "introuvable")
    assert bench.app.test_client().get("/password-rule").status_code == 404
