"""Whose a form that opens a space is (S2:7-12): exactly one insured person, or nobody."""

import uuid

import pytest

from chassis.testing import Bench
from events.fact import Sealed
from events.identity import AccountAsked
from events.members import AccountMatched, PersonRegistered
from tests.members.people import ANDREA, CHARLIE, CONTRACT, DOMINIQUE, declaration, employment, ends, finalised, settle_in


def asked(first_name: str = "Andréa", last_name: str = "MAQUETTE", birth_on: str = "1997-08-08", contract: str = CONTRACT) -> AccountAsked:
    return AccountAsked(
        opening_id=uuid.uuid4(),
        first_name=Sealed(first_name),
        last_name=Sealed(last_name),
        birth_on=Sealed(birth_on),
        contract_number=Sealed(contract),
    )


@pytest.fixture
def house(bench: Bench) -> Bench:
    settle_in(bench)
    bench.tell(finalised(ANDREA), finalised(CHARLIE))
    return bench


def test_a_name_a_birth_date_and_a_contract_name_their_person_however_the_name_is_typed(house: Bench):
    form = asked(first_name="andrea", last_name="Maquette")
    house.tell(form)
    (matched,) = house.told(AccountMatched)
    person_id = next(fact.person_id for fact in house.told(PersonRegistered) if fact.first_name.value == "Andréa")
    assert (matched.opening_id, matched.person_id) == (form.opening_id, person_id)


@pytest.mark.parametrize(
    "wrong", [{"first_name": "Claire"}, {"last_name": "MAQUETTES"}, {"birth_on": "1997-08-09"}, {"contract": "SANTE-EX-0002"}]
)
def test_one_wrong_answer_and_nothing_is_told(house: Bench, wrong: dict[str, str]):
    house.tell(asked(**wrong))
    assert house.told(AccountMatched) == []
    assert house.parked() == []


def test_nothing_is_told_in_another_brand(house: Bench):
    house.tell(asked(), brand="klesia-pro")
    assert house.told(AccountMatched) == []


def test_of_two_homonyms_born_the_same_day_under_one_contract_neither_is_chosen(house: Bench):
    twin = DOMINIQUE | {"first_name": ANDREA["first_name"], "last_name": ANDREA["last_name"], "birth_on": ANDREA["birth_on"]}
    house.tell(finalised(twin))
    house.tell(asked())
    assert house.told(AccountMatched) == []


@pytest.mark.parametrize(("motive", "recognised"), [("039", 0), ("043", 1)])
def test_whoever_retired_is_recognised_no_more_and_whoever_may_have_portability_still_is(house: Bench, motive: str, recognised: int):
    house.tell(ends(declaration(1), employment(CHARLIE), motive=motive))
    house.tell(asked("Charlie", "FAUX", "1987-07-07"))
    assert len(house.told(AccountMatched)) == recognised
