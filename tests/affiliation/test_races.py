"""Many hands at the same instant: the row of a journey is moved by one after the other, and a person is pre-affiliated once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from events.affiliation import Sent
from services.affiliation.actions import follow_up
from tests.affiliation.people import BISTROT, CONTRACT, DOMINIQUE, FORM, HELENE, NIR_OF_DOMINIQUE, RESTAURANT, VICTOR, House, applicant
from tests.affiliation.test_files import csv_of, send

CERTIFIED = {"certified": True}
ABANDON = {"reason": "Le salarié ne vient plus."}


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(acts)) as hands:
        return [hand.result() for hand in [hands.submit(act) for act in acts]]


def history(house: House, affiliation_id: str) -> list[tuple[str, str]]:
    seen = house.as_(HELENE).get(f"/affiliations/{affiliation_id}").json
    return [(line["verb"], line["status"]) for line in seen["history"]]


def test_one_person_declared_by_eight_hands_is_declared_once(house: House) -> None:
    spellings = [DOMINIQUE, DOMINIQUE | {"first_name": "DOMINIQUE"}] * 4
    answers = at_once(*(lambda typed=typed: house.as_(HELENE).post("/affiliations", json=typed) for typed in spellings))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    assert {answer.json["type"] for answer in answers if answer.status_code == 409} == {"/problemes/affiliation-en-cours"}


def test_two_files_of_the_same_people_in_opposite_orders_wait_for_each_other_and_one_is_taken(house: House) -> None:
    lines = [csv_line(number) for number in range(200)]
    files = [csv_of(*lines), csv_of(*reversed(lines))] * 2
    answers = at_once(*(lambda content=content: send(house, content) for content in files))
    statuses = Counter(answer.status_code for answer in answers)
    assert (statuses[201], statuses[409] + statuses[422]) == (1, 3), "one waits for the other, none for each other"
    assert len(house.bench.told(Sent)) == 200


def csv_line(number: int) -> tuple[str, ...]:
    return (RESTAURANT, CONTRACT, "Cadre", "01/02/2026", "Ana", f"NOM{number:03d}", "10/03/1992", "", f"ana{number}@exemple.fr", "")


def test_two_employers_may_declare_the_same_person(house: House) -> None:
    """Architecture §8: one live affiliation to a contract; two employers may overlap."""
    at_voisine = DOMINIQUE | {"siret": BISTROT, "contract_reference": "VOISINE-1"}
    said = ((HELENE, DOMINIQUE), (VICTOR, at_voisine))
    answers = at_once(*(lambda by=by, json=json: house.as_(by).post("/affiliations", json=json) for by, json in said))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [answer.json["warnings"] for answer in answers] == [[], []]


@pytest.mark.parametrize("turn", range(4))
def test_whatever_all_do_at_once_the_journey_ends_once_and_its_history_holds_together(house: House, turn: int) -> None:
    affiliation_id, _ = house.ready()

    def post(actor: Any, path: str, **said: Any) -> Callable[[], int]:
        return lambda: house.as_(actor).post(path, **said).status_code

    person, path = applicant(affiliation_id), f"/affiliations/{affiliation_id}"
    acts = [
        post(person, "/journey/start"),
        lambda: house.as_(person).put("/journey/draft", json=FORM).status_code,
        post(person, "/journey/finalise", json=CERTIFIED),
        post(HELENE, f"{path}/relaunch"),
        post(HELENE, f"{path}/relaunch"),
        post(HELENE, f"{path}/abandon", json=ABANDON),
        post(person, "/journey/finalise", json=CERTIFIED),
        lambda: house.as_(person).put("/journey/draft", json={"nir": NIR_OF_DOMINIQUE}).status_code,
    ]
    assert set(at_once(*acts[turn:], *acts[:turn])) <= {200, 409}
    told = history(house, affiliation_id)
    verbs = Counter(verb for verb, _ in told)
    assert verbs["relaunch"] <= 1, "the brand leaves a delay between two reminders"
    assert verbs["finalise"] + verbs["abandon"] == 1
    assert told[-1][0] in ("finalise", "abandon")
    assert all(before in ("sent", "started") for (_, before), _ in pairwise(told))


def test_the_delay_that_runs_out_while_the_person_finalises_ends_the_journey_once(house: House) -> None:
    affiliation_id, dominique = house.ready()

    def expire() -> int:
        with house.bench.running.working() as work:
            work.now += timedelta(days=3650)
            return follow_up.expire(work)

    at_once(lambda: dominique.post("/journey/finalise", json=CERTIFIED), expire, expire)
    assert len([verb for verb, _ in history(house, affiliation_id) if verb in ("finalise", "abandon")]) == 1
