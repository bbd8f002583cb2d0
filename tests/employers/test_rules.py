"""The rules of activation, alone."""

import pytest

from services.employers import rules
from services.employers.rules import Tries

FRESH = Tries(wrong=0, codes=0)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("12 34-56", "123456"), ("hcr.123456", "HCR123456"), ("n° 12", "N12"), ("——", ""), ("１２３", "")],
)
def test_an_identifier_is_read_whatever_its_spaces_and_dashes(typed: str, read: str):
    assert rules.identifier(typed) == read


def test_a_box_with_ipv6_counts_as_one_visitor_whatever_its_address():
    assert rules.network("2001:db8:1:2::1") == rules.network("2001:db8:1:2:ffff::9") != rules.network("2001:db8:1:3::1")
    assert rules.network("192.0.2.1") != rules.network("192.0.2.2")
    assert rules.network("nowhere") == "nowhere"


@pytest.mark.parametrize(
    ("right", "active", "tries", "state"),
    [
        (True, False, FRESH, "asked"),
        (True, True, FRESH, "already_active"),
        (False, False, FRESH, "wrong"),
        (False, True, FRESH, "wrong"),
        (True, False, Tries(wrong=4, codes=0), "asked"),
        (True, False, Tries(wrong=5, codes=0), "blocked"),
        (False, False, Tries(wrong=5, codes=0), "blocked"),
        (True, False, Tries(wrong=0, codes=5), "blocked"),
        (True, False, Tries(wrong=0, codes=0, own=4), "asked"),
        (True, True, Tries(wrong=0, codes=0, own=5), "blocked"),
    ],
)
def test_what_a_request_becomes(right: bool, active: bool, tries: Tries, state: str):
    assert rules.outcome(right=right, active=active, tries=tries, wrong_limit=5, codes_limit=5, own_limit=5) == state
