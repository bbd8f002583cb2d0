"""An application of codes instead of SMS, recovery codes, a network that changes meanwhile, and what SMS may cost (S0:102-126)."""

import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyotp
from sqlalchemy import text
from werkzeug.test import TestResponse

from chassis.testing import BRANDS, Bench, Client
from events.identity import CodeIssued, SecondFactorChanged
from services.identity.app import SERVICE
from tests.identity.clock import let_time_pass
from tests.identity.people import ELSEWHERE, GOOD, Visitor, actor_of, ask_edge, person, problem
from tests.identity.test_races import together


def code_of(secret: str, steps: int = 0) -> str:
    """What the application shows now, or some steps of 30 s later."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


def enrol(home: Client) -> tuple[str, list[str]]:
    """The secret of an application that was proved with the code of a moment ago, and the recovery codes."""
    begun = home.post("/me/totp", json={"password": GOOD})
    assert begun.status_code == 201, begun.json
    secret = begun.json["secret"]
    proved = home.post("/me/totp/proof", json={"code": code_of(secret, -1)})
    assert proved.status_code == 200, proved.json
    return secret, proved.json["recovery_codes"]


def give(visitor: Visitor, challenge: dict[str, Any], code: str, factor: str, **more: Any) -> TestResponse:
    return visitor.post(f"/challenges/{challenge['challenge_id']}/proof", code=code, factor=factor, **more)


def test_dominique_enrols_an_application_and_signs_in_with_its_codes(bench: Bench, dominique: Visitor, home: Client):
    begun = home.post("/me/totp", json={"password": GOOD}).json
    assert begun["uri"].startswith("otpauth://totp/")
    assert f"secret={begun['secret']}" in begun["uri"]
    dominique.device = None
    assert dominique.sign_in().json["channels"] == ["sms"], "an application that was not proved protects nothing"
    wrong = home.post("/me/totp/proof", json={"code": "abcdef"})
    assert (problem(wrong), wrong.json["remaining"]) == ((409, "code-refuse"), 4)
    secret, recovery = enrol(home)
    assert len(set(recovery)) == 10
    asked = dominique.sign_in().json
    assert (asked["channels"], asked["needs_phone"]) == (["totp", "sms", "recovery"], False)
    passed = give(dominique, asked, code_of(secret), "totp", trust_device=True)
    assert passed.status_code == 201, passed.json
    assert actor_of(bench, passed.json["token"]).strong
    again = dominique.sign_in().json
    assert problem(give(dominique, again, code_of(secret), "totp")) == (409, "code-refuse"), "a code opens once"
    assert [fact.change for fact in bench.told(SecondFactorChanged)] == ["totp_added"]


def test_a_recovery_code_opens_once_and_its_owner_is_told(bench: Bench, dominique: Visitor, home: Client):
    _secret, recovery = enrol(home)
    dominique.device = None
    answers = together([lambda: give(dominique, dominique.sign_in().json, recovery[0].lower(), "recovery")] * 6, hands=6)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 5}
    assert [fact.change for fact in bench.told(SecondFactorChanged)] == ["totp_added", "recovery_used"]
    assert problem(give(dominique, dominique.sign_in().json, recovery[0], "recovery")) == (409, "code-refuse")


def test_an_application_is_removed_with_the_password_and_a_code_and_devices_are_strangers_again(
    bench: Bench, dominique: Visitor, home: Client
):
    _secret, recovery = enrol(home)
    body = {"password": GOOD, "code": recovery[1]}
    assert problem(home.post("/me/totp", json={"password": GOOD})) == (409, "application-deja-enregistree")
    assert problem(home.post("/me/totp/removal", json=body | {"password": "Pas-le-bon-1"})) == (403, "mot-de-passe-incorrect")
    assert problem(home.post("/me/totp/removal", json=body | {"code": "000000"})) == (409, "code-refuse")
    assert home.post("/me/totp/removal", json=body).status_code == 204
    asked = dominique.sign_in().json
    assert (asked["trigger"], asked["channels"]) == ("new_browser", ["sms"])
    assert home.get("/me").json["hold_until"]
    assert problem(give(dominique, asked, recovery[2], "recovery")) == (409, "code-refuse"), "the other codes went with it"


def test_an_open_session_without_the_password_enrols_nothing(home: Client):
    assert problem(home.post("/me/totp", json={"password": "Pas-le-bon-1"})) == (403, "mot-de-passe-incorrect")
    assert problem(home.post("/me/totp/proof", json={"code": "123456"})) == (409, "code-refuse")


def test_five_wrong_codes_end_an_enrolment(home: Client):
    secret = home.post("/me/totp", json={"password": GOOD}).json["secret"]
    assert [home.post("/me/totp/proof", json={"code": "abcdef"}).json["remaining"] for _ in range(5)] == [4, 3, 2, 1, 0]
    assert problem(home.post("/me/totp/proof", json={"code": code_of(secret)})) == (409, "code-refuse")


def test_somebody_without_a_phone_uses_an_application_instead(bench: Bench, dominique: Visitor, home: Client):
    """ASVS 6.6.1: SMS is not the only way."""
    secret, _recovery = enrol(home)
    with bench.running.working() as work:
        work.session.execute(text("UPDATE account SET phone = NULL"))
    dominique.device = None
    asked = dominique.sign_in().json
    assert (asked["channels"], asked["needs_phone"]) == (["totp", "recovery"], False)
    assert problem(dominique.post(f"/challenges/{asked['challenge_id']}/code", channel="email")) == (409, "canal-refuse")
    assert give(dominique, asked, code_of(secret), "totp").status_code == 201


def test_a_code_stays_valid_when_the_network_changes_meanwhile(bench: Bench, dominique: Visitor):
    """S0:124: a box that restarts between the SMS and its typing must not begin everything again."""
    challenge = dominique.sign_in().json["challenge_id"]
    assert dominique.post(f"/challenges/{challenge}/code", channel="sms").status_code == 202
    dominique.address = ELSEWHERE
    passed = dominique.post(f"/challenges/{challenge}/proof", code=dominique.last_code())
    assert passed.status_code == 201
    assert ask_edge(bench, passed.json["token"]).status_code == 200


# --- What SMS may cost ------------------------------------------------------------


def stingy(make_bench: Callable[..., Bench], folder: Path, **figures: int) -> Bench:
    """A house whose brand file has other figures for SMS."""
    words = (BRANDS / "hcr.toml").read_text().replace("mobile_required = true", "mobile_required = false", 1)
    for name, value in figures.items():
        found = next(line for line in words.splitlines() if line.startswith(f"{name} ="))
        words = words.replace(found, f"{name} = {value}", 1)
    (folder / "hcr.toml").write_text(words)
    return make_bench(SERVICE, brands=folder)


def people(bench: Bench, number: int) -> list[Visitor]:
    """So many members, each with a phone and a network of their own, whose spaces are open."""
    visitors = [Visitor(bench, email=f"p{n}@exemple.fr", address=f"198.51.{n}.7") for n in range(number)]
    bench.tell(*(person(v.email, f"+3363998{n:04d}", uuid.uuid4()) for n, v in enumerate(visitors)))
    for visitor in visitors:
        assert visitor.activate().status_code == 201
    return visitors


def ask_sms(visitor: Visitor) -> TestResponse:
    return visitor.post(f"/challenges/{visitor.sign_in().json['challenge_id']}/code", channel="sms")


def test_the_sms_of_a_brand_have_a_budget_a_day_and_an_email_goes_instead(make_bench: Callable[..., Bench], tmp_path: Path):
    bench = stingy(make_bench, tmp_path, per_brand_day=3)
    visitors = people(bench, 5)
    answers = together([lambda visitor=visitor: ask_sms(visitor) for visitor in visitors], hands=5)
    assert Counter(answer.status_code for answer in answers) == {202: 3, 429: 2}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert (problem(refused), refused.json["channels"]) == ((429, "sms-epuises"), ["email"])
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
    last = visitors[0].sign_in().json
    assert visitors[0].post(f"/challenges/{last['challenge_id']}/code", channel="email").status_code == 202


def test_one_network_and_one_number_get_their_share(make_bench: Callable[..., Bench], tmp_path: Path):
    bench = stingy(make_bench, tmp_path, per_network_hour=2, per_number_day=1)
    first, second, third = people(bench, 3)
    first.address = second.address = third.address = "192.0.2.50"
    assert [ask_sms(visitor).status_code for visitor in (first, second, third)] == [202, 202, 429]
    let_time_pass(bench, "2 hours")
    assert problem(ask_sms(first)) == (429, "sms-epuises"), "the number had its one of the day"
    assert ask_sms(third).status_code == 202


def test_an_activation_by_sms_comes_by_email_when_the_budget_is_spent(make_bench: Callable[..., Bench], tmp_path: Path):
    bench = stingy(make_bench, tmp_path, per_brand_day=1)
    bench.tell(person(), person("autre@exemple.fr", "+33639980002", uuid.uuid4()))
    for email in ("dominique@exemple.fr", "autre@exemple.fr"):
        Visitor(bench).post("/activations", email=email, channel="sms")
        bench.work()
    assert [code.channel for code in bench.told(CodeIssued)] == ["sms", "email"]
