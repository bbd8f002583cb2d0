"""Passwords: checked while they are typed, forgotten and chosen again by a link (S2:43), changed by whoever knows the old one."""

import threading
import uuid

import pytest
from sqlalchemy import text

from chassis.testing import Bench
from events.identity import PasswordChanged, PasswordLinkIssued
from services.identity.models import hashing
from tests.identity.clock import let_time_pass
from tests.identity.people import BETTER, ELSEWHERE, GOOD, Visitor, ask_edge, person, problem, signed_in
from tests.identity.test_races import together


def forgotten(visitor: Visitor) -> str:
    """Ask for a link and read the mail; returns its token."""
    let_time_pass(visitor.bench, "2 minutes")
    assert visitor.post("/password-resets", email=visitor.email).status_code == 202
    visitor.bench.work()
    return visitor.last_password_link()


def use(visitor: Visitor, token: str, password: str = BETTER):
    return visitor.post("/password-resets/use", token=token, password=password)


def test_a_forgotten_password_is_chosen_again_by_the_link_in_the_mail(bench: Bench, dominique: Visitor):
    """S2:43: « en indiquant simplement votre adresse email »."""
    token = dominique.come_in()
    link = forgotten(dominique)
    told = bench.told(PasswordLinkIssued)[-1]
    assert (told.to.value, told.first_name.value, told.kind) == (dominique.email, "Dominique", "member")
    assert use(dominique, link).status_code == 204
    assert ask_edge(bench, token).status_code == 401, "what the old password opened is over"
    assert problem(dominique.sign_in(GOOD)) == (401, "identifiants-incorrects")
    assert dominique.sign_in(BETTER).json["trigger"] == "new_browser", "the trusted device is a stranger again"
    (changed,) = bench.told(PasswordChanged)
    assert (changed.how, changed.email.value, changed.reference) == ("reset", dominique.email, person().subject)
    own = signed_in(bench, dominique.pass_sms(dominique.sign_in(BETTER).json["challenge_id"]).json["token"])
    assert own.get("/me").json["hold_until"], "a mailbox alone does not open sensitive acts"


@pytest.mark.parametrize("how", ["forgotten", "changed"])
def test_a_sign_in_begun_with_the_old_password_ends_with_it(bench: Bench, dominique: Visitor, how: str):
    home, begun = signed_in(bench, dominique.come_in()), Visitor(bench).sign_in().json["challenge_id"]
    if how == "forgotten":
        assert use(dominique, forgotten(dominique)).status_code == 204
    else:
        assert home.put("/me/password", json={"current_password": GOOD, "password": BETTER}).status_code == 204
    let_time_pass(bench, "2 minutes")
    assert problem(dominique.post(f"/challenges/{begun}/code", channel="sms")) == (409, "connexion-a-reprendre")


def test_a_link_serves_once_for_thirty_minutes_and_the_newest_kills_the_older(bench: Bench, dominique: Visitor):
    first = forgotten(dominique)
    second = forgotten(dominique)
    assert problem(use(dominique, first)) == (409, "lien-refuse")
    assert problem(use(dominique, second, "court")) == (422, "mot-de-passe-refuse"), "a refused password does not use the link up"
    assert use(dominique, second).status_code == 204
    assert problem(use(dominique, second)) == (409, "lien-refuse")
    third = forgotten(dominique)
    let_time_pass(bench, "31 minutes")
    assert problem(use(dominique, third)) == (409, "lien-refuse")


def test_a_link_opens_neither_another_space_nor_another_brand_and_only_by_post(bench: Bench, dominique: Visitor):
    link = forgotten(dominique)
    for stranger in (Visitor(bench, space="entreprise"), Visitor(bench, brand="klesia-pro")):
        assert problem(use(stranger, link)) == (409, "lien-refuse")
    assert dominique.door.get(f"/password-resets/use?token={link}").status_code == 405
    assert use(dominique, link).status_code == 204


def test_one_link_used_by_twelve_hands_at_once_changes_the_password_once(bench: Bench, dominique: Visitor):
    link = forgotten(dominique)
    answers = together([lambda n=n: use(dominique, link, f"{BETTER}-{n}") for n in range(12)])
    assert sorted(answer.status_code for answer in answers) == [204] + [409] * 11


def test_wrong_links_are_counted_by_address(bench: Bench, dominique: Visitor):
    mallory = Visitor(bench, address=ELSEWHERE)
    answers = [problem(use(mallory, f"jeton-{n}")) for n in range(21)]
    assert answers == [(409, "lien-refuse")] * 20 + [(429, "trop-de-demandes")]


def test_nobody_learns_from_a_forgotten_password_who_has_an_account(bench: Bench, dominique: Visitor):
    bench.tell(person("jamais-active@exemple.fr", None, uuid.uuid4()))
    let_time_pass(bench, "2 minutes")
    emails = (dominique.email, "jamais-active@exemple.fr", "inconnue@exemple.fr")
    answers = [dominique.post("/password-resets", email=email) for email in emails]
    assert {(answer.status_code, answer.data) for answer in answers} == {(202, answers[0].data)}
    bench.work()
    assert [link.to.value for link in bench.told(PasswordLinkIssued)] == [dominique.email]


def test_dominique_changes_her_password_and_only_this_session_goes_on(bench: Bench, dominique: Visitor):
    """S4:369, S4:466: « Modifier mon mot de passe »."""
    here, there = dominique.come_in(), Visitor(bench).come_in()
    own = signed_in(bench, here)
    body = {"current_password": GOOD, "password": BETTER}
    assert problem(own.put("/me/password", json=body | {"current_password": "Pas-le-bon-1"})) == (403, "mot-de-passe-incorrect")
    assert problem(own.put("/me/password", json=body | {"password": "Dominique-42"})) == (422, "mot-de-passe-refuse")
    assert own.put("/me/password", json=body).status_code == 204
    assert (ask_edge(bench, here).status_code, ask_edge(bench, there).status_code) == (200, 401)
    assert dominique.sign_in(BETTER).json["trigger"] == "new_browser", "no device is trusted any more"
    assert [fact.how for fact in bench.told(PasswordChanged)] == ["changed"]


def test_guessing_the_current_password_from_an_open_session_stops_at_ten(bench: Bench, dominique: Visitor):
    own = signed_in(bench, dominique.come_in())
    tries = [own.put("/me/password", json={"current_password": f"Pas-le-bon-{n}", "password": BETTER}).status_code for n in range(11)]
    assert tries == [403] * 10 + [429]
    assert dominique.sign_in().status_code == 201, "her own sign-in is not locked by it"


def test_each_criterion_is_told_while_one_types(dominique: Visitor):
    """S0:84: eight characters, an upper case, a lower case, a digit or a special one."""

    def check(password: str, **owner: str) -> dict[str, bool]:
        answer = dominique.post("/password-checks", password=password, **owner)
        assert answer.status_code == 200, answer.json
        return {criterion["key"]: criterion["met"] for criterion in answer.json["criteria"]} | {"accepted": answer.json["accepted"]}

    rule = [criterion["key"] for criterion in dominique.door.get("/password-rule").json["criteria"]]
    assert [*check("a")][:-1] == rule
    assert check("abc") | {"uncommon": True} == {
        "min_length": False, "upper": False, "lower": True, "digit_or_special": False, "uncommon": True, "impersonal": True,
        "accepted": False,
    }  # fmt: skip
    assert not check("Dominique-42", first_name="Dominique")["impersonal"]
    assert check("Dominique-42")["impersonal"], "nobody told who it is for"
    assert not check("Bonjour2024!")["uncommon"]
    assert all(check(GOOD).values())
    assert all(check("une phrase de plus de quinze lettres").values())
    assert not check("é" * 129)["max_length"]


@pytest.mark.parametrize(
    ("password", "strength"), [("Bonjour2024!", "weak"), ("abcdefgh", "weak"), (GOOD, "good"), ("Tramontane sur la crête", "strong")]
)
def test_the_strength_of_a_password_is_told(dominique: Visitor, password: str, strength: str):
    answer = dominique.post("/password-checks", password=password).json
    assert (answer["strength"], bool(answer["hint"])) == (strength, True)


def test_a_candidate_is_neither_kept_nor_logged(bench: Bench, dominique: Visitor, capfd: pytest.CaptureFixture[str]):
    dominique.post("/password-checks", password="Un-Secret-Jamais-Vu-9")
    with bench.running.working() as work:
        kept = work.session.scalars(text("SELECT a::text FROM audit a UNION ALL SELECT h::text FROM hit h")).all()
    out, err = capfd.readouterr()
    assert "Jamais-Vu" not in "".join(kept) + out + err


def test_what_no_keyboard_types_is_no_password(dominique: Visitor):
    for character in ("\x00", "\x07", "\n"):
        assert problem(dominique.post("/password-checks", password=f"Girouette{character}42")) == (422, "donnees-invalides")


def test_checks_are_limited_by_address(dominique: Visitor):
    answers = [dominique.post("/password-checks", password=f"essai-{n}").status_code for n in range(61)]
    assert answers == [200] * 60 + [429]


def test_when_too_many_sign_in_at_once_the_others_are_told_to_come_back(bench: Bench, dominique: Visitor, monkeypatch: pytest.MonkeyPatch):
    """Argon2 takes 19 MiB a time: beyond ten at once people wait, and beyond that wait they are told so, without a try being counted."""
    monkeypatch.setattr(hashing, "PATIENCE_S", 0.05)
    over = threading.Event()
    busy = [hashing._turns.submit(over.wait, 60) for _ in range(hashing.PARALLEL)]
    refused = dominique.sign_in("Pas-le-bon-1")
    over.set()
    assert all(turn.result() for turn in busy)
    monkeypatch.undo()
    assert (problem(refused), refused.headers["Retry-After"]) == ((503, "trop-de-connexions"), "5")
    assert [dominique.sign_in("Pas-le-bon-1").status_code for _ in range(11)] == [401] * 10 + [429], "that one did not count"


def test_never_more_than_ten_hashes_at_once():
    running, most, lock = 0, 0, threading.Lock()

    class Watched:
        def hash(self, password: str) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            threading.Event().wait(0.02)
            with lock:
                running -= 1
            return password

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "_hasher", Watched())
        together([lambda: hashing.hashed("x")] * 50, hands=50)
    assert most == hashing.PARALLEL
