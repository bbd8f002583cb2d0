"""Bank accounts: two keys, a bank to show back, and nothing more on the screen than one's own can recognise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identifiers import iban, invented

PUBLISHED = "FR7630006000011234567890189"


@pytest.mark.parametrize("typed", [PUBLISHED, "FR76 3000 6000 0112 3456 7890 189", " fr76\u00a03000 6000 0112 3456 7890 189\n"])
def test_an_iban_copied_from_a_rib_is_read(typed: str) -> None:
    assert iban.parse(typed) == PUBLISHED


@pytest.mark.parametrize("account", ["DE89370400440532013000", "BE68539007547034", "FR1420041010050500013M02606"])
def test_other_countries_and_letters_are_accepted(account: str) -> None:
    assert iban.parse(account) == account


def test_the_key_of_the_rib_is_checked_inside_a_right_iban() -> None:
    bban = "30006000011234567890188"  # the published account with a wrong RIB key …
    forged = f"FR{98 - int(bban + '152700') % 97:02d}{bban}"  # … under a right international key
    with pytest.raises(ValueError, match="clé du RIB"):
        iban.parse(forged)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("FR7630006000011234567890188", "clé de contrôle"),
        ("FR763000600001123456789018", "bonne longueur"),
        ("XX7630006000011234567890189", "pays"),
        ("", "deux lettres"),
        ("FR76", "deux lettres"),
        ("FR76" + "3" * 200, "deux lettres"),
        ("FR7630006000011234567890\x0089", "deux lettres"),
        ("FR٧٦30006000011234567890189", "deux lettres"),
    ],
)
def test_each_slip_has_its_own_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        iban.parse(typed)


def test_the_bank_is_shown_back_and_the_account_is_not() -> None:
    assert iban.bank_name(PUBLISHED) == "CREDIT AGRICOLE SA"
    assert iban.masked(PUBLISHED) == "FR76 •••• •••• •••• •••• •••• 189"


@settings(deadline=None)
@given(st.integers())
def test_an_invented_account_is_valid_and_no_bank_holds_it(seed: int) -> None:
    account = invented.iban(seed)
    assert iban.parse(account) == account
    assert iban.bank_name(account) is None
