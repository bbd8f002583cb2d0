"""Companies and establishments: Luhn's key, La Poste's exception, and nobody made of zeros."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identifiers import invented, siret


@pytest.mark.parametrize("typed", ["73282932000074", "732 829 320 00074", " 732\u00a0829\u00a0320\u202f00074\n"])
def test_a_siret_pasted_with_its_spaces_is_read(typed: str) -> None:
    assert siret.parse(typed) == "73282932000074"
    assert siret.siren_of(siret.parse(typed)) == siret.parse_siren("732 829 320")


def test_a_place_of_a_company_gets_its_key() -> None:
    assert siret.of("732829320", "0007") == "73282932000074"


@pytest.mark.parametrize("number", ["35600000000048", "35600000049837"])
def test_la_poste_keeps_its_own_rule(number: str) -> None:
    assert siret.parse(number) == number


@pytest.mark.parametrize("number", ["35600000000049", "35600000049838"])
def test_la_poste_too_can_be_mistyped(number: str) -> None:
    with pytest.raises(ValueError, match="pas valable"):
        siret.parse(number)


@pytest.mark.parametrize("number", ["00000000000000", "73282932000075", "00000000000018"])
def test_a_siret_of_nobody_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="SIRET n'est pas valable"):
        siret.parse(number)


@pytest.mark.parametrize("number", ["000000000", "732829321"])
def test_a_siren_of_nobody_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="SIREN n'est pas valable"):
        siret.parse_siren(number)


@pytest.mark.parametrize(
    "typed", ["", "732829320", "7328293200007", "732829320000745", "7328293200007A", "７３２８２９３２００００７４", "73282932\x0000074"]
)
def test_a_siret_of_another_shape_says_how_long_it_is(typed: str) -> None:
    with pytest.raises(ValueError, match="14 chiffres"):
        siret.parse(typed)


def test_a_siren_of_another_shape_says_how_long_it_is() -> None:
    with pytest.raises(ValueError, match="9 chiffres"):
        siret.parse_siren("73282932000074")


@given(st.integers(), st.integers(1, 999))
def test_invented_companies_are_valid_and_belong_to_nobody(seed: int, establishment: int) -> None:
    number = invented.siret(seed, establishment)
    assert siret.parse(number) == number
    assert siret.siren_of(number) == siret.parse_siren(invented.siren(seed))
    assert number.startswith("0")
