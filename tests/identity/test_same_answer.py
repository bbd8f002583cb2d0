"""Nothing tells who has an account: same status, same headers, same bytes, ids and trace aside."""

import re
import uuid
from collections import Counter
from types import SimpleNamespace

import pytest
from werkzeug.test import TestResponse

from chassis.testing import Bench
from events.identity import CodeIssued
from services.identity.models import hashing
from tests.identity.clock import let_time_pass
from tests.identity.people import Visitor, employer, form, person

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OURS_ALONE = {"traceresponse"}


@pytest.fixture
def house(bench: Bench) -> Bench:
    bench.tell(person(), person("active@exemple.fr", "+33639980002", uuid.uuid4()), form())
    Visitor(bench, email="active@exemple.fr").activate()
    let_time_pass(bench, "2 minutes")
    return bench


KNOWN = ("dominique@exemple.fr", "active@exemple.fr")
UNKNOWN = "personne@exemple.fr"


def said(answer: TestResponse) -> tuple[int, list[tuple[str, str]], str]:
    headers = sorted((name, value) for name, value in answer.headers if name not in OURS_ALONE)
    return answer.status_code, headers, UUID.sub("<id>", answer.text)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_activation_answers_the_same_for_unknown_known_and_active(house: Bench, channel: str):
    visitor = Visitor(house)
    answers = [said(visitor.post("/activations", email=email, channel=channel)) for email in (*KNOWN, UNKNOWN)]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 202


def test_a_forgotten_password_answers_the_same_for_unknown_known_and_active(house: Bench):
    answers = [said(Visitor(house).post("/password-resets", email=email)) for email in (*KNOWN, UNKNOWN)]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 202


def test_a_wrong_activation_code_answers_the_same_try_after_try_whoever_it_is(house: Bench):
    visitor = Visitor(house)
    ids = [visitor.post("/activations", email=email).json["activation_id"] for email in ("dominique@exemple.fr", UNKNOWN)]
    house.work()
    ids.append(str(uuid.uuid4()))
    for _ in range(7):
        known, unknown, never = (said(visitor.prove(activation_id, "12345X")) for activation_id in ids)
        assert known == unknown == never
        assert known[0] == 409


def test_a_wrong_activation_code_of_a_company_answers_as_one_that_was_never_asked_for(house: Bench):
    real = uuid.uuid4()
    house.tell(employer(real))
    visitor, never = Visitor(house, space="entreprise"), uuid.uuid4()
    for _ in range(6):
        assert said(visitor.prove(real, "12345X")) == said(visitor.prove(never, "12345X"))


def test_access_codes_answer_the_same(house: Bench):
    visitor = Visitor(house)
    asked = [visitor.post("/access/codes", email=email) for email in ("dominique@exemple.fr", UNKNOWN)]
    assert said(asked[0]) == said(asked[1])
    house.work()
    for _ in range(6):
        known, unknown = (said(visitor.post(f"/access/codes/{answer.json['access_id']}/proof", code="12345X")) for answer in asked)
        assert known == unknown


def test_signing_in_answers_the_same_wrong_after_wrong_until_the_lock(house: Bench):
    visitors = [Visitor(house, email=email) for email in (*KNOWN, UNKNOWN)]
    for _ in range(10):
        answers = [said(visitor.sign_in("Pas-le-bon-1")) for visitor in visitors]
        assert answers[0] == answers[1] == answers[2]
        assert answers[0][0] == 401
    locked = [visitor.sign_in("Pas-le-bon-1") for visitor in visitors]
    assert [answer.status_code for answer in locked] == [429] * 3
    assert {tuple(answer.json) for answer in locked} == {tuple(locked[0].json)}


def test_an_unknown_login_costs_one_hash_as_a_known_one_does(house: Bench, monkeypatch: pytest.MonkeyPatch):
    """What a clock makes of it is among the figures (``make figures``)."""
    hashes, real = Counter[str](), hashing._hasher.verify
    Visitor(house).sign_in("Pas-le-bon-1")  # nobody's password has its hash from now on
    for email in ("active@exemple.fr", "dominique@exemple.fr", UNKNOWN):

        def verify(stored: str, password: str, email: str = email) -> bool:
            hashes[email] += 1
            return real(stored, password)

        monkeypatch.setattr(hashing, "_hasher", SimpleNamespace(verify=verify))
        assert Visitor(house, email=email).sign_in("Pas-le-bon-1").status_code == 401
    assert hashes == {"active@exemple.fr": 1, "dominique@exemple.fr": 1, UNKNOWN: 1}


def test_no_code_leaves_for_somebody_unknown(house: Bench):
    before = len(house.told(CodeIssued))
    Visitor(house).post("/activations", email=UNKNOWN)
    Visitor(house).post("/access/codes", email=UNKNOWN)
    house.work()
    assert len(house.told(CodeIssued)) == before
