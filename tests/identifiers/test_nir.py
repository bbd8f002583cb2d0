"""The social security number: what a person may type, what no authority ever gave, and what a screen may show."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identifiers import invented, nir

DOMINIQUE = "280047599900531"


def with_key(body: str) -> str:
    return body + nir.key_of(body)


@pytest.mark.parametrize("typed", [DOMINIQUE, "2 80 04 75 999 005 31", "2\u00a080\u202f04 75 999 005\t31 "])
def test_dominique_types_her_number_as_it_is_printed(typed: str) -> None:
    assert nir.parse(typed) == DOMINIQUE


@pytest.mark.parametrize("body", ["2850299999005", "1870775999007", "2970875999008"])
def test_the_key_follows_the_law(body: str) -> None:
    number = nir.parse(with_key(body))
    assert (int(number[:13]) + int(number[13:])) % 97 == 0


def test_corsica_counts_as_nineteen_and_eighteen() -> None:
    assert nir.key_of("190042A999005") == f"{97 - int('1900419999005') % 97:02d}"
    assert nir.parse("1 90 04 2b 999 005 " + f"{97 - int('1900418999005') % 97:02d}") == with_key("190042B999005")


@pytest.mark.parametrize("month", ["01", "12", "20", "30", "42", "50", "99"])
def test_fictive_months_of_unknown_births_are_accepted(month: str) -> None:
    assert nir.parse(with_key(f"180{month}75999005"))


@pytest.mark.parametrize("month", ["00", "13", "19", "21", "29", "43", "49"])
def test_impossible_months_are_refused(month: str) -> None:
    with pytest.raises(ValueError, match="impossible"):
        nir.parse(with_key(f"180{month}75999005"))


@pytest.mark.parametrize("sex", "1234")
def test_definitive_and_waiting_numbers_are_accepted(sex: str) -> None:
    assert nir.parse(with_key(f"{sex}800475999005"))


@pytest.mark.parametrize("sex", "78")
def test_a_provisional_number_says_what_to_give_instead(sex: str) -> None:
    with pytest.raises(ValueError, match="provisoire"):
        nir.parse(with_key(f"{sex}800475999005"))


@pytest.mark.parametrize("body", ["0800475999005", "5800475999005", "9800475999005", "1800400999005"])
def test_an_impossible_sex_or_department_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="impossible"):
        nir.parse(with_key(body))


@pytest.mark.parametrize("body", ["1999999999999", "2999999999999", "1800475999999"])
def test_a_number_filled_with_nines_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="pas attribué"):
        nir.parse(with_key(body))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2800475999005", "Il manque la clé"),
        ("280047599900532", "La clé ne correspond pas"),
        ("", "15 caractères"),
        ("28004759990053", "15 caractères"),
        ("2800475999005311", "15 caractères"),
        ("٢٨٠٠٤٧٥٩٩٩٠٠٥٣١", "15 caractères"),
        ("2800475999005\x003", "15 caractères"),
        ("28004C599900531", "15 caractères"),
    ],
)
def test_each_slip_has_its_own_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        nir.parse(typed)


@given(st.integers(0, 14), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes(place: int, digit: str) -> None:
    typed = DOMINIQUE[:place] + digit + DOMINIQUE[place + 1 :]
    if typed != DOMINIQUE:
        with pytest.raises(ValueError, match=r"sécurité sociale|provisoire"):
            nir.parse(typed)


def test_the_birth_year_and_the_department_agree_with_the_birth_date() -> None:
    nir.check_birth(DOMINIQUE, date(1980, 4, 4))
    with pytest.raises(ValueError, match="année de naissance"):
        nir.check_birth(DOMINIQUE, date(1981, 4, 4))
    with pytest.raises(ValueError, match="n'existait pas"):
        nir.check_birth(with_key("170042A999005"), date(1970, 4, 1))
    nir.check_birth(with_key("176042A999005"), date(1976, 4, 1))
    with pytest.raises(ValueError, match="n'existait pas"):
        nir.check_birth(with_key("1760420999005"), date(1976, 4, 1))


def test_a_screen_shows_neither_the_place_nor_the_order_of_birth() -> None:
    assert nir.masked(DOMINIQUE) == "2 80 •• •• ••• ••• ••"
    assert nir.spaced(DOMINIQUE) == "2 80 04 75 999 005 31"


@given(st.integers(), st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.booleans())
def test_an_invented_number_is_valid_and_agrees_with_its_birth_date(seed: int, birth_on: date, woman: bool) -> None:
    number = invented.nir(seed, birth_on, woman=woman)
    assert nir.parse(number) == number
    nir.check_birth(number, birth_on)
    assert number[0] == ("2" if woman else "1")
    assert number[7:10] == "999"


def test_invented_people_stay_the_same_from_one_run_to_the_next() -> None:
    assert invented.nir("claire") == invented.nir("claire") != invented.nir("lucie")
    nir.check_birth(invented.nir("claire"), invented.birth_date("claire"))
