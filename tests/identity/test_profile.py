"""One's own e-mail and phone: changed with a code, told to where one was reached before, undone from there; sensitive acts wait a day."""

import uuid
from typing import Any

import pyotp
import pytest
from werkzeug.test import TestResponse

from chassis.actor import ANONYMOUS, Actor
from chassis.testing import Bench, Client
from events.identity import CodeIssued, ContactChanged, SecondFactorChanged
from services.identity import access
from tests.identity.clock import let_time_pass
from tests.identity.people import BETTER, GOOD, Visitor, actor_of, ask_edge, person, problem, signed_in

NEW = "dominique.nouvelle@exemple.fr"
CHARLIE = uuid.UUID("0198c0de-0000-7000-8000-000000000002")


def ask_email(client: Client, email: str = NEW, password: str = GOOD) -> TestResponse:
    return client.post("/profile/email", json={"email": email, "password": password})


def prove(bench: Bench, client: Client, asked: TestResponse, code: str | None = None) -> TestResponse:
    code = code or bench.told(CodeIssued)[-1].code.value
    return client.post(f"/profile/changes/{asked.json['change_id']}/proof", json={"code": code})


def change_email(bench: Bench, client: Client, email: str = NEW) -> Any:
    answer = prove(bench, client, ask_email(client, email))
    assert answer.status_code == 200, answer.json
    return answer.json


def enrol(bench: Bench, client: Client) -> None:
    """An application of codes, proved."""
    secret = client.post("/me/totp", json={"password": GOOD}).json["secret"]
    assert client.post("/me/totp/proof", json={"code": pyotp.TOTP(secret).now()}).status_code == 200


def test_dominique_changes_her_email_with_a_code_sent_to_the_new_one(bench: Bench, dominique: Visitor, home: Client):
    """S0:275."""
    asked = ask_email(home)
    assert (asked.status_code, asked.json["sent_to_hint"]) == (202, "d•••@exemple.fr")
    code = bench.told(CodeIssued)[-1]
    assert (code.channel, code.purpose, code.to.value) == ("email", "contact_change", NEW)
    assert home.get("/profile").json["email"] == "dominique@exemple.fr", "nothing changes before the code"
    assert home.get("/profile").json["waiting"][0]["value"] == NEW
    done = prove(bench, home, asked)
    assert (done.json["email"], done.json["waiting"]) == (NEW, [])
    assert problem(dominique.sign_in()) == (401, "identifiants-incorrects")
    dominique.email = NEW
    assert dominique.sign_in().status_code == 202


def test_the_address_before_is_told_and_everything_else_is_closed(bench: Bench, dominique: Visitor):
    library = dominique.come_in()
    home = dominique.come_in()
    change_email(bench, signed_in(bench, home))
    (told,) = bench.told(ContactChanged)
    assert (told.what, told.email.value, told.former.value) == ("email", NEW, "dominique@exemple.fr")
    assert [ask_edge(bench, token).status_code for token in (library, home)] == [401, 200]
    assert signed_in(bench, home).get("/devices").json["items"] == []


def test_sensitive_acts_wait_a_day_and_say_until_when(bench: Bench, dominique: Visitor):
    """S0:114, the other way round: who takes the mailbox gains nothing at once."""
    token = dominique.come_in()
    change_email(bench, signed_in(bench, token))
    held = signed_in(bench, token)
    until = held.get("/me").json["hold_until"]
    refused = ask_email(held, "encore@exemple.fr")
    assert problem(refused) == (423, "action-en-attente")
    assert refused.json["until"] == until.replace("Z", "+00:00")
    assert "sera possible à partir du" in refused.json["detail"]
    let_time_pass(bench, "24 hours 1 second")
    dominique.email = NEW
    assert actor_of(bench, dominique.come_in()).held_until is None


def test_the_phone_and_the_account_wait_a_day_too_and_so_does_what_was_asked_before(bench: Bench, dominique: Visitor):
    """S0:277, S2:30: whoever took the mailbox neither moves the phone nor ends the account at once."""
    token = dominique.come_in()
    home = signed_in(bench, token)
    before = home.post("/profile/phone", json={"phone": "+33639980077", "password": GOOD})
    code = bench.told(CodeIssued)[-1].code.value
    let_time_pass(bench, "1 minute")
    change_email(bench, home)
    held = signed_in(bench, token)
    refused = [
        held.post("/profile/phone", json={"phone": "+33639980078", "password": GOOD}),
        prove(bench, held, before, code),
        held.post("/account/deletion", json={"password": GOOD}),
    ]
    assert [problem(answer) for answer in refused] == [(423, "action-en-attente")] * 3
    assert all("sera possible à partir du" in answer.json["detail"] for answer in refused)
    assert held.get("/profile").json["phone"] == "+33639980001"


def test_a_phone_enrolled_with_the_mailbox_alone_lets_them_wait_too(bench: Bench):
    """S0:114: « indiquer son numéro » is no way around the second factor."""
    bench.tell(person(phone=None))
    visitor = Visitor(bench)
    visitor.activate()
    challenge = f"/challenges/{visitor.sign_in().json['challenge_id']}"
    visitor.post(f"{challenge}/code", channel="email")
    visitor.post(f"{challenge}/proof", code=visitor.last_code())
    visitor.post(f"{challenge}/code", channel="sms", phone="+33639980009")
    held = signed_in(bench, str(visitor.post(f"{challenge}/proof", code=visitor.last_code()).json["token"]))
    phone = held.post("/profile/phone", json={"phone": "+33639980078", "password": GOOD})
    deletion = held.post("/account/deletion", json={"password": GOOD})
    assert [problem(phone), problem(deletion)] == [(423, "action-en-attente")] * 2


def test_a_forgotten_password_lets_sensitive_acts_wait_too(bench: Bench, dominique: Visitor):
    assert dominique.choose_another("Bruine-sur-le-lac").status_code == 204
    held = signed_in(bench, dominique.come_in("Bruine-sur-le-lac"))
    assert problem(ask_email(held, password="Bruine-sur-le-lac")) == (423, "action-en-attente")


def test_whoever_reads_the_former_mailbox_undoes_it_and_the_thief_is_out(bench: Bench, dominique: Visitor):
    thief = dominique.come_in()
    change_email(bench, signed_in(bench, thief))
    owner = Visitor(bench)
    objection = bench.told(ContactChanged)[0].objection.value
    assert owner.post("/objections", token=objection).status_code == 204
    assert ask_edge(bench, thief).status_code == 401
    assert problem(dominique.sign_in()) == (401, "identifiants-incorrects"), "the thief knew the password: it is locked"
    (_, undone) = bench.told(ContactChanged)
    assert (undone.objected, undone.email.value) == (True, "dominique@exemple.fr")
    assert problem(owner.post("/objections", token=objection)) == (409, "opposition-impossible")
    assert owner.choose_another("Bruine-sur-le-lac").status_code == 204, "a new password by the mailbox that is hers again"


def test_a_thief_who_changes_everything_and_objects_to_himself_keeps_nothing(bench: Bench, dominique: Visitor):
    """The mails about a phone go to the mailbox that the account has by then: his. The first mailbox stays the one that undoes it all."""
    his = actor_of(bench, dominique.come_in())
    thief = bench.as_(his)
    change_email(bench, thief)
    for phone in ("+33639980077", "+33639980078"):
        let_time_pass(bench, "24 hours 1 second")  # he is patient
        assert prove(bench, thief, thief.post("/profile/phone", json={"phone": phone, "password": GOOD})).status_code == 200
    by_email, _first_phone, second_phone = (told.objection.value for told in bench.told(ContactChanged))
    assert Visitor(bench).post("/objections", token=second_phone).status_code == 204
    assert bench.told(ContactChanged)[-1].phone.value == "+33639980077"
    assert Visitor(bench).post("/objections", token=by_email).status_code == 204
    undone = bench.told(ContactChanged)[-1]
    assert (undone.email.value, undone.phone.value) == ("dominique@exemple.fr", "+33639980001")


@pytest.mark.parametrize(("whose", "left"), [("thief", ["sms"]), ("owner", ["totp", "sms", "recovery"])])
def test_the_application_of_a_thief_goes_with_the_objection_and_an_older_one_stays(
    bench: Bench, dominique: Visitor, whose: str, left: list[str]
):
    """« Ce n'est pas moi »: nothing that was opened since the change stays open, nothing that was there before is lost."""
    thief = signed_in(bench, dominique.come_in())
    steps = {"owner": [enrol, change_email], "thief": [change_email, enrol]}
    for step in steps[whose]:
        step(bench, thief)
        let_time_pass(bench, "1 minute")
    assert Visitor(bench).post("/objections", token=bench.told(ContactChanged)[0].objection.value).status_code == 204
    assert dominique.choose_another().status_code == 204
    assert dominique.sign_in(BETTER).json["channels"] == left
    assert ("totp_removed" in {fact.change for fact in bench.told(SecondFactorChanged)}) == (whose == "thief")


def test_a_link_that_went_to_the_thief_s_mailbox_dies_with_the_objection(bench: Bench, dominique: Visitor):
    change_email(bench, signed_in(bench, dominique.come_in()))
    thief = Visitor(bench, email=NEW)
    thief.post("/password-resets", email=NEW)
    bench.work()
    assert Visitor(bench).post("/objections", token=bench.told(ContactChanged)[0].objection.value).status_code == 204
    late = thief.post("/password-resets/use", token=thief.last_password_link(), password="Bruine-sur-le-lac")
    assert problem(late) == (409, "lien-refuse")


def test_a_link_that_went_to_the_former_mailbox_dies_with_the_change(bench: Bench, dominique: Visitor, home: Client):
    dominique.post("/password-resets", email=dominique.email)
    bench.work()
    link = dominique.last_password_link()
    change_email(bench, home)
    assert problem(dominique.post("/password-resets/use", token=link, password="Bruine-sur-le-lac")) == (409, "lien-refuse")


def test_an_objection_is_over_after_a_week_and_elsewhere(bench: Bench, home: Client):
    change_email(bench, home)
    objection = bench.told(ContactChanged)[0].objection.value
    assert problem(Visitor(bench, brand="klesia-pro").post("/objections", token=objection)) == (409, "opposition-impossible")
    let_time_pass(bench, "7 days 1 second")
    over, unknown = (Visitor(bench).post("/objections", token=token) for token in (objection, "x" * 43))
    assert problem(over) == (409, "opposition-impossible")
    assert over.data == unknown.data


def test_an_address_of_somebody_else_is_asked_like_any_other_and_refused_to_who_proved_it_alone(bench: Bench, home: Client):
    bench.tell(person("charlie@exemple.fr", "+33639980002", CHARLIE))
    taken = ask_email(home, "Charlie@Exemple.fr")
    assert taken.status_code == 202
    refused = prove(bench, home, taken)
    assert problem(refused) == (409, "adresse-deja-utilisee")
    with bench.running.working(Actor(kind=ANONYMOUS, brand="hcr", space="assure")) as work:
        assert access.account_of_login(work, "assure", "dominique@exemple.fr") is not None
    assert bench.told(ContactChanged) == []


def test_the_password_is_asked_and_its_tries_are_counted_apart(bench: Bench, dominique: Visitor, home: Client):
    for _ in range(10):
        assert problem(ask_email(home, password="faux")) == (403, "mot-de-passe-incorrect")
    assert problem(ask_email(home)) == (429, "trop-de-demandes")
    assert dominique.sign_in().status_code == 201, "her sign-in is not locked"


def test_wrong_codes_are_counted_and_an_old_one_is_over(bench: Bench, home: Client):
    asked = ask_email(home)
    right = bench.told(CodeIssued)[-1].code.value
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert [prove(bench, home, asked, wrong).json["remaining"] for _ in range(5)] == [4, 3, 2, 1, 0]
    assert problem(prove(bench, home, asked, right)) == (409, "code-refuse")
    let_time_pass(bench, "31 minutes")
    assert problem(prove(bench, home, asked, right)) == (404, "introuvable")


def test_a_session_without_a_second_factor_changes_nothing(bench: Bench, dominique: Visitor):
    actor = actor_of(bench, dominique.come_in())
    weak = bench.as_(Actor(kind="member", brand="hcr", space="assure", account_id=actor.account_id, session_id=actor.session_id))
    assert problem(ask_email(weak)) == (403, "connexion-a-confirmer")


def test_her_new_phone_receives_the_code_and_the_former_one_is_told(bench: Bench, dominique: Visitor, home: Client):
    """S0:277."""
    asked = home.post("/profile/phone", json={"phone": "06 39 98 00 77", "password": GOOD})
    assert (asked.status_code, asked.json["sent_to_hint"]) == (202, "•• •• •• •• 77")
    assert bench.told(CodeIssued)[-1].channel == "sms"
    assert prove(bench, home, asked).json["phone"] == "+33639980077"
    (told,) = bench.told(ContactChanged)
    assert (told.what, told.phone.value, told.former.value) == ("phone", "+33639980077", "+33639980001")
    challenge = dominique.sign_in().json
    assert (challenge["trigger"], challenge["phone_hint"]) == ("new_browser", "•• •• •• •• 77")


def test_a_landline_cannot_receive_a_code(home: Client):
    assert problem(home.post("/profile/phone", json={"phone": "0144209780", "password": GOOD})) == (422, "mobile-attendu")


def test_the_same_address_changes_nothing(home: Client):
    assert problem(ask_email(home, "DOMINIQUE@exemple.fr")) == (409, "coordonnee-inchangee")


def test_the_change_of_somebody_else_is_missing_byte_for_byte(bench: Bench, home: Client):
    bench.tell(person("charlie@exemple.fr", "+33639980002", CHARLIE))
    charlie = Visitor(bench, email="charlie@exemple.fr")
    charlie.activate()
    asked = ask_email(signed_in(bench, charlie.come_in()), "charlie.nouvelle@exemple.fr")
    foreign = prove(bench, home, asked)
    missing = home.post(f"/profile/changes/{uuid.uuid4()}/proof", json={"code": "123456"})
    assert problem(foreign) == (404, "introuvable")
    assert foreign.data == missing.data
