"""A space opened by a form (S2:7-24): matched by members, confirmed by e-mail, silent about who has a contract."""

import uuid
from typing import Any

import pytest
from sqlalchemy import text

from chassis.testing import Bench
from events.identity import AccountActivated, AccountAsked, CodeIssued, PasswordLinkIssued
from events.members import AccountMatched
from tests.identity.clock import let_time_pass
from tests.identity.people import DOMINIQUE, ELSEWHERE, Visitor, ask_edge, person, problem
from tests.identity.test_same_answer import said

SECRET = "Giboulée-d'Avril!"
FORM = {
    "first_name": "Dominique", "last_name": "ESSAI", "contract_number": "123456", "birth_on": "1980-04-04",
    "email": "dominique@maison.example", "password": SECRET, "terms_version": "2026-03",
}  # fmt: skip


@pytest.fixture
def dominique(bench: Bench) -> Visitor:
    """Members knows her; the e-mail it has is an older one."""
    bench.tell(person("ancienne@exemple.fr", None), brand="assistance")
    return Visitor(bench, brand="assistance", email="dominique@maison.example")


def fill(visitor: Visitor, **told: Any):
    return visitor.post("/openings", **FORM | {"email": visitor.email} | told)


def recognised(visitor: Visitor, opening_id: str, person_id: uuid.UUID = DOMINIQUE) -> None:
    """What members answers when the form is somebody's."""
    visitor.bench.tell(AccountMatched(opening_id=uuid.UUID(opening_id), person_id=person_id), brand="assistance")


def confirm(visitor: Visitor, opening_id: Any, code: str):
    return visitor.post(f"/openings/{opening_id}/confirmation", code=code)


def test_dominique_creates_her_space_with_her_name_her_contract_and_her_birth_date(bench: Bench, dominique: Visitor):
    """S2:7-24: names, six digits, birth date, e-mail, password; no telephone; a mail confirms."""
    assert dominique.door.get("/password-rule").json["activation"] == {"way": "open_form", "channels": ["email"]}
    asked = fill(dominique, contract_number=" 123 456 ")
    assert asked.status_code == 202, asked.json
    (told,) = bench.told(AccountAsked)
    assert (str(told.opening_id), told.contract_number.value, told.birth_on.value) == (asked.json["opening_id"], "123456", "1980-04-04")
    recognised(dominique, asked.json["opening_id"])
    (code,) = bench.told(CodeIssued)
    assert (code.channel, code.to.value, code.purpose) == ("email", dominique.email, "activation")
    opened = confirm(dominique, asked.json["opening_id"], code.code.value)
    assert opened.status_code == 201, opened.json
    (activated,) = bench.told(AccountActivated)
    assert (activated.reference, activated.email.value, activated.phone) == (f"person:{DOMINIQUE}", dominique.email, None)
    challenge = dominique.sign_in(SECRET).json
    assert (challenge["channels"], challenge["needs_phone"]) == (["email"], False), "S2:19: the telephone is optional"
    dominique.post(f"/challenges/{challenge['challenge_id']}/code", channel="email")
    signed = dominique.post(f"/challenges/{challenge['challenge_id']}/proof", code=dominique.last_code()).json
    assert signed["terms_to_accept"] is None
    with bench.running.working() as work:
        kept = work.session.execute(text("SELECT version, encode(digest, 'hex') AS digest, network FROM terms_acceptance")).one()
    assert (kept.version, len(kept.digest), kept.network) == ("2026-03", 64, "192.0.2.0/24")
    assert bench.parked() == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("contract_number", "12345", "6 chiffres"),
        ("contract_number", "12345X", "6 chiffres"),
        ("contract_number", "１２３４５６", "6 chiffres"),
        ("birth_on", "2999-01-01", "futur"),
        ("birth_on", "04/04/1980", "1992-03-10"),
        ("email", "", "adresse e-mail"),
        ("last_name", "\x00", "caractère"),
    ],
)
def test_a_field_that_cannot_be_read_says_why(dominique: Visitor, field: str, value: str, words: str):
    refused = fill(dominique, **{field: value})
    assert problem(refused) == (422, "donnees-invalides")
    ((error,),) = [[one for one in refused.json["errors"] if one["field"].endswith(field)]]
    assert words in error["message"]


@pytest.mark.parametrize("missing", ["first_name", "last_name", "contract_number", "birth_on", "email", "password"])
def test_every_field_of_the_guide_is_obligatory(dominique: Visitor, missing: str):
    """S2:7: « vérifiez que vous avez renseigné tous les champs obligatoires »."""
    refused = dominique.post("/openings", **{name: value for name, value in FORM.items() if name != missing})
    assert problem(refused) == (422, "donnees-invalides")
    assert missing in refused.text


@pytest.mark.parametrize(
    ("password", "key"),
    [("Courte-42", "min_length"), ("giboulée-d-avril"[:13], "upper"), ("Essai-de-mai!", "impersonal"), ("Mai-04041980!", "impersonal"),
     ("Mai-!!-123456", "impersonal")],
)  # fmt: skip
def test_the_password_follows_the_rule_and_hides_nothing_of_the_form(dominique: Visitor, password: str, key: str):
    """S2:7: 12 characters, an upper case, a lower case, a special character."""
    refused = fill(dominique, password=password)
    assert problem(refused) == (422, "mot-de-passe-refuse")
    assert key in [criterion["key"] for criterion in refused.json["criteria"]]


def test_nobody_learns_whether_a_contract_exists(bench: Bench, dominique: Visitor):
    known, unknown = fill(dominique), fill(dominique, email="autre@maison.example", contract_number="999999", last_name="PERSONNE")
    assert said(known) == said(unknown)
    recognised(dominique, known.json["opening_id"])
    answers = [confirm(dominique, opening, "12345X") for opening in (known.json["opening_id"], unknown.json["opening_id"], uuid.uuid4())]
    assert said(answers[0]) == said(answers[1]) == said(answers[2])
    assert (answers[0].status_code, len(bench.told(CodeIssued))) == (409, 1)


def test_a_space_that_is_open_already_sends_its_owner_a_link_and_a_stranger_nothing(bench: Bench, dominique: Visitor):
    first = fill(dominique).json["opening_id"]
    recognised(dominique, first)
    confirm(dominique, first, dominique.last_code())
    let_time_pass(bench, "2 minutes")
    stranger = Visitor(bench, brand="assistance", email="mallory@maison.example")
    for visitor in (dominique, stranger):
        recognised(visitor, fill(visitor).json["opening_id"])
    assert [link.to.value for link in bench.told(PasswordLinkIssued)] == [dominique.email]
    assert len(bench.told(AccountActivated)) == 1


def test_two_forms_for_one_person_open_one_space_with_the_newest_code(bench: Bench, dominique: Visitor):
    first = fill(dominique).json["opening_id"]
    recognised(dominique, first)
    older = dominique.last_code()
    second = fill(dominique, email="bis@maison.example").json["opening_id"]
    recognised(dominique, second)
    assert problem(confirm(dominique, first, older)) == (409, "code-refuse")
    assert confirm(dominique, second, dominique.last_code()).status_code == 201
    assert problem(confirm(dominique, second, dominique.last_code())) == (409, "code-refuse")


def test_an_answer_of_members_that_comes_twice_or_too_late_does_nothing_more(bench: Bench, dominique: Visitor):
    opening = fill(dominique).json["opening_id"]
    for _ in range(2):
        recognised(dominique, opening)
    assert len(bench.told(CodeIssued)) == 1
    late = fill(dominique, email="tard@maison.example").json["opening_id"]
    let_time_pass(bench, "25 hours")
    recognised(dominique, late)
    assert len(bench.told(CodeIssued)) == 1
    assert bench.parked() == []


def test_the_answer_of_members_may_come_before_the_person(bench: Bench):
    visitor = Visitor(bench, brand="assistance", email="dominique@maison.example")
    opening = fill(visitor).json["opening_id"]
    recognised(visitor, opening)
    bench.tell(person("dominique@maison.example", None), brand="assistance")
    assert confirm(visitor, opening, visitor.last_code()).status_code == 201
    assert bench.told(AccountActivated)[0].reference == f"person:{DOMINIQUE}"


def test_five_forms_a_day_name_one_contract_with_one_name_wherever_they_come_from(bench: Bench):
    """A robot that knows a name and a contract and tries birth dates is stopped, whatever its address and e-mail."""
    answers = [
        fill(Visitor(bench, brand="assistance", address=f"198.51.{n}.7", email=f"m{n}@maison.example"), birth_on=f"1980-04-{n + 1:02d}")
        for n in range(6)
    ]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]


def test_ten_forms_an_hour_come_from_one_network(bench: Bench):
    answers = [
        fill(Visitor(bench, brand="assistance", address=f"198.51.100.{n}", email=f"m{n}@maison.example"), contract_number=f"{n:06d}")
        for n in range(11)
    ]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429]


def test_a_refused_form_leaves_nothing(bench: Bench, dominique: Visitor):
    fill(dominique, terms_version="2020-01")
    with bench.running.working() as work:
        assert work.session.scalar(text("SELECT count(*) FROM opening")) == 0
    assert bench.told(AccountAsked) == []


def test_what_the_form_says_of_a_person_is_sealed(bench: Bench, dominique: Visitor):
    fill(dominique)
    with bench.running.working() as work:
        stored = work.session.scalar(text("SELECT encode(first_name, 'escape') || encode(last_name, 'escape') FROM opening"))
    assert "ESSAI" not in stored
    assert "Dominique" not in stored


def test_each_space_is_opened_its_own_way(bench: Bench, dominique: Visitor):
    """S0:74 by a known e-mail, S2:7 by a form: neither brand has the other's door."""
    assert problem(fill(Visitor(bench, brand="hcr"), terms_version="2026-01")) == (409, "espace-sans-activation")
    assert problem(dominique.post("/activations", email=dominique.email)) == (409, "espace-sans-activation")
    assert problem(Visitor(bench, brand="assistance", address=ELSEWHERE).post("/activations", email="x@y.fr")) == (
        409,
        "espace-sans-activation",
    )


def test_sensitive_acts_wait_a_day_after_a_form(bench: Bench, dominique: Visitor):
    opening = fill(dominique).json["opening_id"]
    recognised(dominique, opening)
    confirm(dominique, opening, dominique.last_code())
    challenge = dominique.sign_in(SECRET).json["challenge_id"]
    dominique.post(f"/challenges/{challenge}/code", channel="email")
    token = dominique.post(f"/challenges/{challenge}/proof", code=dominique.last_code()).json["token"]
    assert ask_edge(bench, token, brand="assistance").status_code == 200
    with bench.running.working() as work:
        assert work.session.scalar(text("SELECT hold_until > now() + interval '23 hours' FROM account"))
