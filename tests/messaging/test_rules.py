"""Dates, waits and words, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from services.messaging import rules

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_each_try_waits_three_times_longer_up_to_five_minutes():
    assert [rules.back_off(n).total_seconds() for n in range(1, 8)] == [2, 6, 18, 54, 162, 300, 300]
    assert rules.back_off(1_000) == timedelta(minutes=5)


def test_a_code_is_over_at_its_very_instant_and_a_notice_without_end_never():
    assert rules.is_over(NOON, NOON)
    assert not rules.is_over(NOON + timedelta(microseconds=1), NOON)
    assert not rules.is_over(None, NOON)


@pytest.mark.parametrize(
    ("status", "before", "said"),
    [
        ("ended", None, "ended"),
        ("portability_pending", None, "pending"),
        ("portability", "pending", "portability"),
        ("active", "ended", "reopened"),
        ("active", "pending", "reopened"),
        ("active", "portability", "reopened"),
        ("active", "reopened", "kept"),
        ("active", "kept", "kept"),
        ("active", None, "kept"),
    ],
)
def test_what_a_change_of_rights_is_called_depends_on_what_was_told_before(status, before, said):
    assert rules.variant(status, before) == said


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("HCR Bien-Être", "HCR Bien-Etre"), ("l’été\u00a0: ça", "l'été : ca"), ("cœur «à»", 'coeur "à"'), ("日", "?"), ("é\u0302", "é")],
)
def test_an_sms_keeps_to_the_gsm_alphabet(typed, sent):
    assert rules.as_sms(typed) == sent
    assert rules.fits_one_sms(rules.as_sms(typed))


def test_a_hundred_and_sixty_one_characters_are_two_sms():
    assert rules.fits_one_sms("a" * 160)
    assert not rules.fits_one_sms("a" * 161)


@pytest.mark.parametrize(
    ("code", "printed"), [("482913", "482 913"), ("K7PM3XQ9TR4V", "K7PM-3XQ9-TR4V"), ("K7PM-3XQ9", "K7PM-3XQ9"), ("1234", "1234"), ("", "")]
)
def test_codes_are_printed_in_groups(code, printed):
    assert rules.in_groups(code) == printed
