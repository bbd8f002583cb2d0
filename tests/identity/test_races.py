"""Many at once: what two hands could do together that one could not."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from chassis.testing import Bench
from tests.identity.people import BETTER, GOOD, Visitor, form, person


@pytest.fixture
def dominique(bench: Bench) -> Visitor:
    bench.tell(person(), form())
    return Visitor(bench)


def together(acts: list[Callable[[], Any]], hands: int = 12) -> list[Any]:
    """Do everything with ``hands`` threads that start at one signal; the results, in no order."""
    results: list[Any] = []
    start, waiting = threading.Barrier(hands), list(acts)

    def work() -> None:
        start.wait()
        while waiting:
            try:
                act = waiting.pop()
            except IndexError:
                return
            results.append(act())

    threads = [threading.Thread(target=work) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == len(acts)
    return results


def test_of_two_hundred_guesses_of_one_code_at_once_five_are_looked_at(bench: Bench, dominique: Visitor):
    activation_id = dominique.post("/activations", email=dominique.email).json["activation_id"]
    bench.work()
    right = dominique.last_code()
    wrong = [f"{(int(right) + shift) % 1_000_000:06d}" for shift in range(1, 201)]
    answers = together([lambda code=code: dominique.prove(activation_id, code) for code in wrong])
    assert Counter(answer.status_code for answer in answers) == {409: 10, 429: 190}
    with bench.running.working() as work:
        assert work.session.scalar(text("SELECT sum(tries) FROM code WHERE request = 'activation:' || :id"), {"id": activation_id}) == 5
    remaining = Counter(answer.json["remaining"] for answer in answers if answer.status_code == 409)
    assert remaining == {4: 1, 3: 1, 2: 1, 1: 1, 0: 6}
    assert dominique.prove(activation_id, right).status_code == 429


def test_one_right_code_used_by_twelve_hands_at_once_opens_once(bench: Bench, dominique: Visitor):
    activation_id = dominique.post("/activations", email=dominique.email).json["activation_id"]
    bench.work()
    code = dominique.last_code()
    answers = together([lambda: dominique.prove(activation_id, code)] * 24)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 10, 429: 13}


def test_one_proof_used_at_once_chooses_one_password(bench: Bench, dominique: Visitor):
    activation_id = dominique.post("/activations", email=dominique.email).json["activation_id"]
    bench.work()
    proof = dominique.prove(activation_id, dominique.last_code()).json["proof"]
    answers = together([lambda password=password: dominique.choose(activation_id, proof, password) for password in (GOOD, BETTER) * 6])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 11}


def test_one_link_opened_at_once_opens_one_session(bench: Bench, dominique: Visitor):
    link = dominique.last_link()
    answers = together([lambda: dominique.post("/access", token=link)] * 12)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 11}


def test_of_sixty_passwords_guessed_at_once_ten_are_looked_at(bench: Bench, dominique: Visitor):
    dominique.activate()
    answers = together([lambda n=n: dominique.sign_in(f"Pas-le-bon-{n}") for n in range(60)])
    assert Counter(answer.status_code for answer in answers) == {401: 10, 429: 50}


@pytest.mark.slow
def test_a_thousand_addresses_stuff_one_account_ten_times_a_day_and_its_owner_still_gets_in(bench: Bench, dominique: Visitor):
    """Every address brings another guess: only the account can be counted. The browser that its owner trusts has a count of its own."""
    dominique.activate()
    dominique.come_in()
    robots = [Visitor(bench, address=f"203.{n % 4}.{n // 250}.{n % 250}") for n in range(1_000)]
    answers = together([lambda n=n, robot=robot: robot.sign_in(f"Pas-le-bon-{n}") for n, robot in enumerate(robots)])
    assert Counter(answer.status_code for answer in answers) == {401: 10, 429: 990}
    assert dominique.sign_in().status_code == 201


def test_one_device_token_shown_at_once_turns_once(bench: Bench, dominique: Visitor):
    dominique.activate()
    dominique.come_in()
    answers = together([dominique.sign_in] * 8, hands=8)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 202: 7}


def test_a_code_asked_for_twenty_times_at_once_is_asked_for_once(bench: Bench, dominique: Visitor):
    answers = together([lambda: dominique.post("/activations", email=dominique.email)] * 20)
    assert Counter(answer.status_code for answer in answers) == {202: 1, 429: 19}
