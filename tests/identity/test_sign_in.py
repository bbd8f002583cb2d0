"""Signing in: passwords, the three triggers of the second factor, trusted devices, enrolled phones, caseworkers' TOTP."""

import uuid
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from chassis.actor import SYSTEM
from chassis.testing import Bench
from events.identity import CodeIssued, PhoneEnrolled
from services.identity.actions import Provisioning, create_caseworker
from services.identity.errors import PasswordRefused
from tests.identity.clock import let_time_pass
from tests.identity.people import BETTER, ELSEWHERE, GOOD, HOME, Visitor, actor_of, ask_edge, employer, person, problem, signed_in


@pytest.fixture
def charlie(bench: Bench) -> Visitor:
    """Charlie never gave a phone number."""
    bench.tell(person("charlie@exemple.fr", None, uuid.uuid4()))
    visitor = Visitor(bench, email="charlie@exemple.fr")
    visitor.activate()
    return visitor


def test_on_a_new_browser_dominique_is_told_why_and_given_an_sms(bench: Bench, dominique: Visitor):
    asked = dominique.sign_in()
    assert asked.status_code == 202
    assert asked.json["trigger"] == "new_browser"
    assert "navigateur" in asked.json["explanation"]
    assert "Faire confiance" in asked.json["explanation"]
    assert (asked.json["channels"], asked.json["phone_hint"], asked.json["needs_phone"]) == (["sms"], "•• •• •• •• 01", False)
    passed = dominique.pass_sms(asked.json["challenge_id"])
    assert passed.status_code == 201
    assert bench.told(CodeIssued)[-1].channel == "sms"
    actor = actor_of(bench, passed.json["token"])
    assert (actor.kind, actor.reference, actor.strong) == ("member", person().subject, True)


def test_a_trusted_browser_at_home_is_asked_nothing_and_its_token_turns_each_time(dominique: Visitor):
    dominique.come_in()
    first = dominique.device
    again = dominique.sign_in()
    assert again.status_code == 201
    assert again.json["device"] != first
    assert dominique.sign_in().status_code == 202, "the older token is worth nothing any more"
    dominique.device = again.json["device"]
    assert dominique.sign_in().status_code == 201


def test_the_box_restarts_and_nothing_is_asked_but_another_network_asks(dominique: Visitor):
    dominique.come_in()
    dominique.address = HOME.replace(".10", ".200")
    dominique.device = dominique.sign_in().json["device"]
    dominique.address = ELSEWHERE
    asked = dominique.sign_in()
    assert (asked.status_code, asked.json["trigger"]) == (202, "new_network")
    let_time_pass(dominique.bench, "20 minutes")
    assert dominique.pass_sms(asked.json["challenge_id"]).status_code == 201
    assert dominique.sign_in().status_code == 201, "this network is known from now on"


def test_three_months_away_and_the_browser_is_a_stranger_again(bench: Bench, dominique: Visitor):
    dominique.come_in()
    let_time_pass(bench, "90 days 1 hour")
    assert dominique.sign_in().json["trigger"] == "long_absence"


def test_a_device_token_is_worth_nothing_without_the_password_nor_for_somebody_else(bench: Bench, dominique: Visitor, charlie: Visitor):
    dominique.come_in()
    stolen = dominique.device
    assert problem(dominique.sign_in("Pas-le-bon-1")) == (401, "identifiants-incorrects")
    charlie.device = stolen
    assert charlie.sign_in().json["trigger"] == "new_browser"


def test_a_browser_that_was_not_trusted_is_asked_again(dominique: Visitor):
    challenge = dominique.sign_in().json["challenge_id"]
    passed = dominique.pass_sms(challenge, trust_device=False)
    assert (passed.status_code, passed.json["device"]) == (201, None)
    assert dominique.sign_in().status_code == 202


def test_without_a_phone_the_email_is_proved_first_then_the_phone_is_enrolled_and_sensitive_acts_wait_a_day(bench: Bench, charlie: Visitor):
    asked = charlie.sign_in().json
    assert (asked["needs_phone"], asked["channels"], asked["phone_hint"]) == (True, ["email"], None)
    code, proof = f"/challenges/{asked['challenge_id']}/code", f"/challenges/{asked['challenge_id']}/proof"
    assert problem(charlie.post(code, channel="sms", phone="06 39 98 00 66")) == (409, "canal-refuse"), (
        "« indiquer son numéro » is no proof"
    )
    assert charlie.post(code, channel="email").json == {"sent_to_hint": "c•••@exemple.fr"}
    proved = charlie.post(proof, code=charlie.last_code())
    assert (proved.status_code, proved.json) == (200, {"next": "phone"})
    assert problem(charlie.post(code, channel="email")) == (409, "canal-refuse")
    assert problem(charlie.post(code, channel="sms")) == (422, "mobile-attendu")
    assert problem(charlie.post(code, channel="sms", phone="01 44 20 97 80")) == (422, "mobile-attendu")
    assert charlie.post(code, channel="sms", phone="06 39 98 00 66").json == {"sent_to_hint": "•• •• •• •• 66"}
    assert bench.told(CodeIssued)[-1].to.value == "+33639980066"
    passed = charlie.post(proof, code=charlie.last_code(), trust_device=True)
    assert passed.status_code == 201
    hold = datetime.fromisoformat(signed_in(bench, passed.json["token"]).get("/me").json["hold_until"])
    assert timedelta(hours=23, minutes=59) < hold - datetime.now(UTC) <= timedelta(hours=24)
    assert charlie.sign_in().json["channels"] == ["sms"], "the number is on file from now on"
    (told,) = bench.told(PhoneEnrolled)
    assert (told.email.value, told.phone.value, told.hold_until) == ("charlie@exemple.fr", "•• •• •• •• 66", hold)


def test_a_number_on_file_is_not_replaced_while_signing_in(dominique: Visitor):
    challenge = dominique.sign_in().json["challenge_id"]
    other = dominique.post(f"/challenges/{challenge}/code", channel="sms", phone="06 39 98 00 66")
    assert problem(other) == (409, "numero-deja-connu")
    same = dominique.post(f"/challenges/{challenge}/code", channel="sms", phone="06 39 98 00 01")
    assert same.status_code == 202


def test_a_sign_in_begun_before_the_phone_was_enrolled_starts_again(charlie: Visitor):
    first, second = charlie.sign_in().json["challenge_id"], charlie.sign_in().json["challenge_id"]
    for body in ({"channel": "email"}, {"channel": "sms", "phone": "0639980066"}):
        assert charlie.post(f"/challenges/{second}/code", **body).status_code == 202
        charlie.post(f"/challenges/{second}/proof", code=charlie.last_code())
    assert problem(charlie.post(f"/challenges/{first}/code", channel="email")) == (409, "connexion-a-reprendre")


def test_the_code_of_one_sign_in_opens_no_other(dominique: Visitor):
    first, second = dominique.sign_in().json["challenge_id"], dominique.sign_in().json["challenge_id"]
    assert dominique.post(f"/challenges/{first}/code", channel="sms").status_code == 202
    assert problem(dominique.post(f"/challenges/{second}/proof", code=dominique.last_code())) == (409, "code-refuse")


def test_a_code_is_not_sent_again_within_a_minute_nor_more_than_five_times_a_quarter(bench: Bench, dominique: Visitor):
    challenge = dominique.sign_in().json["challenge_id"]
    path = f"/challenges/{challenge}/code"
    assert dominique.post(path, channel="sms").status_code == 202
    assert problem(dominique.post(path, channel="sms")) == (429, "trop-de-demandes")
    for _ in range(4):
        let_time_pass(bench, "61 seconds")
        assert dominique.post(path, channel="sms").status_code == 202
    let_time_pass(bench, "61 seconds")
    assert problem(dominique.post(path, channel="sms")) == (429, "trop-de-demandes")


def test_a_number_gets_ten_codes_a_day_and_no_more(bench: Bench, dominique: Visitor):
    for _ in range(10):
        let_time_pass(bench, "16 minutes")
        assert dominique.post(f"/challenges/{dominique.sign_in().json['challenge_id']}/code", channel="sms").status_code == 202
    let_time_pass(bench, "16 minutes")
    refused = dominique.post(f"/challenges/{dominique.sign_in().json['challenge_id']}/code", channel="sms")
    assert problem(refused) == (429, "trop-de-demandes")


def test_ten_wrong_passwords_a_day_then_even_the_right_one_waits_but_the_known_browser_still_opens(bench: Bench, dominique: Visitor):
    dominique.come_in()
    stranger = Visitor(bench, address=ELSEWHERE)
    for _ in range(10):
        assert problem(stranger.sign_in("Pas-le-bon-1")) == (401, "identifiants-incorrects")
    refused = stranger.sign_in(GOOD)
    assert problem(refused) == (429, "trop-de-demandes")
    assert int(refused.headers["Retry-After"]) > 80_000
    assert dominique.sign_in().status_code == 201, "strangers who guess lock strangers out"


def test_ten_wrong_second_factors_a_day_then_the_account_waits(bench: Bench, dominique: Visitor):
    wrong = 0
    for _ in range(2):
        let_time_pass(bench, "2 minutes")
        challenge = dominique.sign_in().json["challenge_id"]
        dominique.post(f"/challenges/{challenge}/code", channel="sms")
        bad = f"{(int(dominique.last_code()) + 1) % 1_000_000:06d}"
        wrong += sum(problem(dominique.post(f"/challenges/{challenge}/proof", code=bad)) == (409, "code-refuse") for _ in range(5))
    assert wrong == 10
    let_time_pass(bench, "2 minutes")
    challenge = dominique.sign_in().json["challenge_id"]
    dominique.post(f"/challenges/{challenge}/code", channel="sms")
    assert problem(dominique.post(f"/challenges/{challenge}/proof", code=dominique.last_code())) == (429, "trop-de-demandes")


def test_a_sign_in_left_for_half_an_hour_starts_again(bench: Bench, dominique: Visitor):
    challenge = dominique.sign_in().json["challenge_id"]
    let_time_pass(bench, "31 minutes")
    assert problem(dominique.post(f"/challenges/{challenge}/code", channel="sms")) == (409, "connexion-a-reprendre")
    assert problem(dominique.post(f"/challenges/{uuid.uuid4()}/proof", code="123456")) == (409, "connexion-a-reprendre")


def test_somebody_signed_in_may_sign_in_again(bench: Bench, dominique: Visitor):
    own = signed_in(bench, dominique.come_in())
    again = own.post("/sessions", json={"email": dominique.email, "password": GOOD, "device": dominique.device})
    assert again.status_code == 201


# --- Caseworkers ------------------------------------------------------------


@pytest.fixture
def morgan(bench: Bench) -> Provisioning:
    return hire(bench)


def hire(bench: Bench, password: str = "Bruine-sur-le-lac-7", role: str = "handle") -> Provisioning:
    with bench.running.working(SYSTEM) as work:
        return create_caseworker(work.for_brand("hcr"), "morgan@exemple.fr", "Morgan", "CONSEIL", password, role)


def test_morgan_gives_the_code_of_her_application_at_each_sign_in(bench: Bench, morgan: Provisioning):
    desk = Visitor(bench, space="conseil", email="morgan@exemple.fr")
    asked = desk.sign_in("Bruine-sur-le-lac-7").json
    assert (asked["trigger"], asked["channels"], asked["phone_hint"], asked["needs_phone"]) == ("totp", ["totp"], None, False)
    assert problem(desk.post(f"/challenges/{asked['challenge_id']}/code", channel="email")) == (409, "canal-refuse")
    code = pyotp.TOTP(morgan.secret).now()
    passed = desk.post(f"/challenges/{asked['challenge_id']}/proof", code=code, trust_device=True)
    assert (passed.status_code, passed.json["device"]) == (201, None)
    actor = actor_of(bench, passed.json["token"], space="conseil")
    assert (actor.kind, actor.grants, actor.reference) == ("caseworker", {"platform": "handle"}, f"account:{morgan.account_id}")
    replayed = desk.sign_in("Bruine-sur-le-lac-7").json["challenge_id"]
    assert problem(desk.post(f"/challenges/{replayed}/proof", code=code)) == (409, "code-refuse"), "a code opens once"


def test_five_wrong_totp_end_a_sign_in(bench: Bench, morgan: Provisioning):
    desk = Visitor(bench, space="conseil", email="morgan@exemple.fr")
    challenge = desk.sign_in("Bruine-sur-le-lac-7").json["challenge_id"]
    right = pyotp.TOTP(morgan.secret).now()
    remaining = [desk.post(f"/challenges/{challenge}/proof", code="abcdef").json["remaining"] for _ in range(5)]
    assert remaining == [4, 3, 2, 1, 0]
    assert problem(desk.post(f"/challenges/{challenge}/proof", code=right)) == (409, "code-refuse")


def test_hiring_morgan_twice_changes_nothing(bench: Bench, morgan: Provisioning):
    again = hire(bench, "Une-Autre-Phrase-12", "read")
    assert (again.account_id, again.secret, again.created) == (morgan.account_id, morgan.secret, False)
    assert Visitor(bench, space="conseil", email="morgan@exemple.fr").sign_in("Bruine-sur-le-lac-7").status_code == 202


def test_a_caseworker_needs_a_password_that_the_rule_accepts(bench: Bench):
    with pytest.raises(PasswordRefused):
        hire(bench, "Morgan-12345")


def test_alix_cannot_trust_her_way_around_the_second_factor_of_a_new_browser(bench: Bench):
    alix, activation_id = Visitor(bench, space="entreprise", email="rh@exemple.fr"), uuid.uuid4()
    bench.tell(employer(activation_id, phone="+33639980009"))
    alix.choose(activation_id, alix.prove(activation_id, alix.last_code()).json["proof"], BETTER)
    asked = alix.sign_in(BETTER)
    assert (asked.status_code, asked.json["phone_hint"]) == (202, "•• •• •• •• 09")
    token = alix.pass_sms(asked.json["challenge_id"]).json["token"]
    assert ask_edge(bench, token, space="assure").status_code == 401, "a session stays in its space"
    assert actor_of(bench, token, space="entreprise").kind == "employer"
