"""What people accept to be written to about: « Indiquez si vous acceptez les contacts par SMS » (S0:134)."""

from typing import Any

import pytest

from chassis.testing import Bench, Client
from events.identity import ConsentChanged
from tests.identity.people import Visitor, person, problem, signed_in


@pytest.fixture
def home(bench: Bench) -> Client:
    bench.tell(person())
    dominique = Visitor(bench)
    dominique.activate()
    return signed_in(bench, dominique.come_in())


def given(home: Client) -> dict[tuple[str, str], Any]:
    return {(line["purpose"], line["channel"]): line["given"] for line in home.get("/consents").json["items"]}


def answer(home: Client, given: bool, purpose: str = "follow_up", channel: str = "sms") -> Any:
    return home.put("/consents", json={"purpose": purpose, "channel": channel, "given": given})


def test_nothing_is_accepted_before_it_is_asked(home: Client):
    assert set(given(home).values()) == {None}
    assert home.get("/consents/history").json["items"] == []


def test_dominique_accepts_sms_then_changes_her_mind_and_each_answer_is_dated(bench: Bench, home: Client):
    """S0:134."""
    for wanted in (True, True, False):
        assert answer(home, wanted).status_code == 200
    assert given(home)["follow_up", "sms"] is False
    history = home.get("/consents/history").json["items"]
    assert [line["given"] for line in history] == [False, True]
    assert all(line["at"] for line in history)
    assert [(told.purpose, told.channel, told.given) for told in bench.told(ConsentChanged)] == [
        ("follow_up", "sms", True),
        ("follow_up", "sms", False),
    ]
    assert bench.told(ConsentChanged)[0].reference == person().subject
    assert bench.audited()[-2:] == ["consent.given", "consent.withdrawn"]


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ({"purpose": "follow_up", "channel": "post", "given": True}, "consentement-inconnu"),
        ({"purpose": "publicite", "channel": "sms", "given": True}, "donnees-invalides"),
        ({"purpose": "follow_up", "channel": "sms", "given": "peut-être"}, "donnees-invalides"),
    ],
)
def test_what_nobody_asks_is_refused(bench: Bench, home: Client, body: dict[str, Any], slug: str):
    assert problem(home.put("/consents", json=body)) == (422, slug)
    assert bench.told(ConsentChanged) == []
