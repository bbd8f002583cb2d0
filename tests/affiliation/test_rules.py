"""What a form must hold and which pieces it asks for, on paper: no database, no clock."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import get_args

import pytest

from identifiers import invented
from identifiers.nir import key_of
from services.affiliation import rules
from services.affiliation.config import Field, PieceRule, When
from services.affiliation.rules import Dependent, Form, PieceState

TODAY = date(2026, 2, 2)
BORN = date(1980, 4, 4)
REQUIRED = ("first_name", "last_name", "birth_on", "nir", "iban")
DOMINIQUE = Form(
    first_name="Dominique", last_name="ESSAI", birth_on=BORN, nir="280047599900531", iban=invented.iban(1), address="2 rue des Halles"
)
CAMILLE = Dependent(kinship="spouse", first_name="Camille", last_name="ESSAI", birth_on=date(1979, 1, 31))
NOA = Dependent(kinship="child", first_name="Noa", last_name="ESSAI", birth_on=date(2019, 9, 9))


def flaws(form: Form) -> list[str]:
    return [flaw["field"] for flaw in rules.flaws(form, REQUIRED, 28, TODAY)]


def test_a_complete_family_has_no_flaw() -> None:
    assert flaws(replace(DOMINIQUE, dependents=(CAMILLE, NOA))) == []


def test_an_empty_form_is_told_each_thing_it_lacks() -> None:
    found = rules.flaws(Form(dependents=(Dependent(kinship="child"),)), REQUIRED, 28, TODAY)
    assert [flaw["field"] for flaw in found] == [
        *REQUIRED,
        "dependents.0.first_name",
        "dependents.0.last_name",
        "dependents.0.birth_on",
    ]
    assert all(flaw["message"].endswith(".") for flaw in found)


def test_every_field_a_brand_may_require_has_its_sentence() -> None:
    assert set(get_args(Field)) == set(rules.ASKED)


def with_month(month: str) -> str:
    body = f"280{month}75999005"
    return body + key_of(body)


@pytest.mark.parametrize(
    ("number", "born_on", "wrong"),
    [
        (with_month("04"), BORN, False),
        (with_month("05"), BORN, True),
        (with_month("04"), date(1981, 4, 4), True),
        (with_month("20"), BORN, False),
        (with_month("31"), BORN, False),
        (with_month("42"), BORN, False),
        (with_month("50"), BORN, False),
        (with_month("99"), BORN, False),
    ],
)
def test_a_nir_agrees_with_the_birth_date_and_a_fictive_month_agrees_with_any(number: str, born_on: date, wrong: bool) -> None:
    assert ("nir" in flaws(replace(DOMINIQUE, nir=number, birth_on=born_on))) is wrong


def test_nobody_is_born_tomorrow() -> None:
    assert flaws(replace(DOMINIQUE, nir=None, birth_on=TODAY + timedelta(days=1))) == ["nir", "birth_on"]
    assert "dependents.0.birth_on" in flaws(replace(DOMINIQUE, dependents=(replace(NOA, birth_on=TODAY + timedelta(days=1)),)))
    assert flaws(replace(DOMINIQUE, dependents=(replace(NOA, birth_on=TODAY),))) == []


def test_two_spouses_are_one_too_many() -> None:
    assert flaws(replace(DOMINIQUE, dependents=(CAMILLE, CAMILLE))) == ["dependents"]


def test_a_child_is_younger_than_the_insured_and_not_too_old() -> None:
    def with_child_born(birth_on: date) -> list[str]:
        return flaws(replace(DOMINIQUE, dependents=(replace(NOA, birth_on=birth_on),)))

    assert with_child_born(BORN) == ["dependents.0.birth_on"]
    assert with_child_born(date(1997, 2, 3)) == []  # 28 years, until tomorrow
    assert with_child_born(date(1997, 2, 2)) == ["dependents.0.birth_on"]  # 29 today


def test_one_nir_is_one_person() -> None:
    copied = replace(CAMILLE, nir=DOMINIQUE.nir, birth_on=BORN)
    assert flaws(replace(DOMINIQUE, dependents=(copied,))) == ["dependents.0.nir"]
    assert flaws(replace(DOMINIQUE, dependents=(NOA, replace(NOA, first_name="Lou")))) == []  # two children without a NIR


def test_the_draft_speaks_louder_than_the_employer_who_fills_the_gaps() -> None:
    declared = Form(first_name="Dominik", last_name="ESSAI", nir="280047599900531")
    known = Form(first_name="Dominique").over(declared)
    assert (known.first_name, known.last_name, known.nir) == ("Dominique", "ESSAI", "280047599900531")


def test_the_same_person_written_twice_is_recognised() -> None:
    assert rules.person_key("Lœuil-Martin", "Hélène") == rules.person_key("LOEUIL MARTIN", "helene")
    assert rules.person_key("Jean", "Paul") != rules.person_key("Paul", "Jean")


@dataclass
class Joined:
    kind: str
    state: PieceState
    refusal: str | None = None


TABLE = tuple(
    PieceRule(kind=kind, label=kind.upper(), when=when, reason="Parce que.")
    for kind, when in (("rib", "always"), ("droits_conjoint", "spouse"), ("scolarite", "adult_child"), ("rattachement", "other_dependent"))
)


def asked(*dependents: Dependent) -> list[str]:
    return [piece.kind for piece in rules.pieces(replace(DOMINIQUE, dependents=dependents), TABLE, [], 18, TODAY)]


def test_each_situation_asks_for_its_pieces() -> None:
    grown = replace(NOA, birth_on=date(2008, 2, 2))
    assert asked() == ["rib"]
    assert asked(CAMILLE) == ["rib", "droits_conjoint"]
    assert asked(NOA) == ["rib"]
    assert asked(grown) == ["rib", "scolarite"]  # 18 today
    assert asked(replace(grown, birth_on=date(2008, 2, 3))) == ["rib"]  # tomorrow
    assert asked(replace(NOA, kinship="other")) == ["rib", "rattachement"]


def test_every_situation_of_the_brand_file_is_known() -> None:
    assert set(get_args(When)) == set(rules.SITUATIONS)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], PieceState.WAITING),
        ([PieceState.QUARANTINE], PieceState.QUARANTINE),
        ([PieceState.REFUSED], PieceState.REFUSED),
        ([PieceState.REFUSED, PieceState.QUARANTINE], PieceState.QUARANTINE),
        ([PieceState.REFUSED, PieceState.RECEIVED, PieceState.QUARANTINE], PieceState.RECEIVED),
    ],
)
def test_a_piece_stands_where_its_best_document_stands(states: list[PieceState], expected: PieceState) -> None:
    joined = [Joined("rib", state, "Illisible." if state == PieceState.REFUSED else None) for state in states]
    [piece] = rules.pieces(DOMINIQUE, TABLE[:1], joined, 18, TODAY)
    assert piece.state == expected
    assert bool(rules.lacking([piece])) is (expected != PieceState.RECEIVED)
    assert ("Illisible." in str(rules.lacking([piece]))) is (expected == PieceState.REFUSED)


def test_a_reminder_waits_its_hours() -> None:
    noon = datetime(2026, 2, 2, 12)
    assert rules.relaunch_allowed_at(None, 24, noon) is None
    assert rules.relaunch_allowed_at(noon - timedelta(hours=24), 24, noon) is None
    assert rules.relaunch_allowed_at(noon - timedelta(hours=23), 24, noon) == noon + timedelta(hours=1)
