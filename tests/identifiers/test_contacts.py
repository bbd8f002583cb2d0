"""Telephone numbers, e-mail addresses, names and search: what people type, in the one form that is kept."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identifiers import email, invented, phone, text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("01 44 20 97 80", "+33144209780"),
        ("0692 12 34 56", "+262692123456"),
        ("0696 12 34 56", "+596696123456"),
        ("0694 12 34 56", "+594694123456"),
        ("0690 00 11 22", "+590690001122"),
        ("+44 7911 123456", "+447911123456"),
        ("06 39 98 00 01", "+33639980001"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert phone.parse(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "0612", "3639", "06 39 97 00 01 0", "+99912345678", "06 12 34 56 78 poste 3", "٠٦١٢٣٤٥٦٧٨", "0612345678;ext=5", "+" + "3" * 60],
)
def test_a_number_that_nobody_can_call_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="téléphone n'est pas valable"):
        phone.parse(typed)


@pytest.mark.parametrize(
    ("number", "mobile"), [("+33612345678", True), ("+33639980001", True), ("+262692123456", True), ("+33144209780", False)]
)
def test_a_code_goes_to_a_mobile_only(number: str, mobile: bool) -> None:
    assert phone.is_mobile(number) is mobile


def test_a_number_is_confirmed_by_its_last_two_digits() -> None:
    assert phone.masked("+33639980042") == "•• •• •• •• 42"


@settings(deadline=None)
@given(st.integers())
def test_an_invented_mobile_can_receive_a_code(seed: int) -> None:
    assert phone.parse(invented.mobile(seed)) == invented.mobile(seed)
    assert phone.is_mobile(invented.mobile(seed))


@pytest.mark.parametrize("typed", ["Claire.Martin@Exemple.FR", " claire.martin@exemple.fr\n", "claire.martin＠exemple.fr"])
def test_one_address_has_one_form(typed: str) -> None:
    assert email.parse(typed) == "claire.martin@exemple.fr"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "claire",
        "claire@",
        "@exemple.fr",
        "claire@exemple",
        "claire@exemple..fr",
        "claire..m@exemple.fr",
        "claire@-exemple.fr",
        "claire@192.168.0.1",
        "claire martin@exemple.fr",
        "claire@exemple.fr\nBcc: tous@exemple.fr",
        "claire@exemple.fr\r\n.x",
        "claire\x00@exemple.fr",
        '"claire"@exemple.fr',
        "claire@exemple.fr,lucie@exemple.fr",
        "a" * 65 + "@exemple.fr",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="adresse e-mail n'est pas valable"):
        email.parse(typed)


def test_an_endless_address_is_refused() -> None:
    with pytest.raises(ValueError, match="254"):
        email.parse("claire@" + "exemple." * 40 + "fr")


def test_an_address_is_recognised_without_being_told() -> None:
    assert email.masked("claire.martin@exemple.fr") == "c•••@exemple.fr"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Claire ", "Claire"),
        ("Jean\u00a0 Pierre", "Jean Pierre"),
        ("O'Connor", "O'Connor"),
        ("He\u0301le\u0300ne", "Hélène"),
        ("李", "李"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_its_stray_spaces(typed: str, kept: str) -> None:
    assert text.parse(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "vide"),
        (" \n ", "vide"),
        ("---", "une lettre"),
        ("A" * 81, "80 caractères"),
        ("Cla\x00ire", "invisible"),
        ("Claire\nBcc: x", "invisible"),
        ("Cla\u202eire", "invisible"),
        ("Claire\ud800", "invisible"),
        ("Claire\ufeff!", "invisible"),
    ],
)
def test_a_name_hides_nothing(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        text.parse(typed)


def test_free_text_keeps_its_lines() -> None:
    assert text.parse_free("Bonjour,\r\n\r\nMerci 👩‍👧.\r", 40) == "Bonjour,\n\nMerci 👩‍👧."
    with pytest.raises(ValueError, match="5 caractères"):
        text.parse_free("Bonjour", 5)
    with pytest.raises(ValueError, match="invisible"):
        text.parse_free("Bon\x00jour", 50)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Hélène", "HELENE"),
        ("Jean-Pierre", "jean pierre"),
        ("O’Connor", "o'connor"),
        ("Lœuil", "loeuil"),
        ("Müller", "muller"),
        ("Straße", "strasse"),
    ],
)
def test_a_search_finds_a_name_however_it_is_written(written: str, searched: str) -> None:
    assert text.folded(written) == text.folded(searched)


@given(st.text(st.characters(codec="utf-8")))
def test_folding_twice_changes_nothing_more(written: str) -> None:
    assert text.folded(text.folded(written)) == text.folded(written)


@pytest.mark.parametrize("parse", [text.parse, email.parse, phone.parse])
@given(typed=st.text(max_size=100))
@settings(deadline=None)
def test_any_text_is_refused_or_read_and_reading_twice_agrees(parse: object, typed: str) -> None:
    assert callable(parse)
    with contextlib.suppress(ValueError):
        kept = parse(typed)
        assert parse(kept) == kept
        kept.encode("utf-8")
