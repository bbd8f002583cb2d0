"""The rules alone: passwords, pace, second factor, codes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.config import BadConfiguration, read_brands
from chassis.testing import BRANDS
from services.identity.config import IdentityBrand, PasswordRule, SecondFactor
from services.identity.rules import codes, pace, passwords, second_factor, spaces

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
GUIDE = passwords.Policy(8, (("upper",), ("lower",), ("digit", "special")), "*'>")


def keys(password: str, policy: passwords.Policy = GUIDE, *clues: str) -> list[str]:
    return [criterion.key for criterion in policy.unmet(password, clues)]


# --- Passwords ------------------------------------------------------------


@pytest.mark.parametrize(
    "password", ["Giboulé9", "Giboul-e", "Tramontane 7", "une phrase sans rien", "été à la mer du nord", "G" + "i*'>bou1" * 15]
)
def test_the_guide_accepts_its_classes_or_fifteen_characters_of_any_kind(password: str):
    assert keys(password) == []


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("Gibou-1", ["min_length"]),
        ("giboulee9", ["upper"]),
        ("GIBOULEE9", ["lower"]),
        ("Tramontane", ["digit_or_special"]),
        ("Tramontane*'>", ["digit_or_special"]),
        ("gi", ["min_length", "upper", "digit_or_special", "uncommon"]),
        ("Tramontane-7" * 11, ["max_length"]),
        ("azertyuiopqsdfghjklm", ["uncommon"]),
        ("AZERTY123", ["lower", "uncommon"]),
        ("Motdepasse1!", ["uncommon"]),
        ("Mot de passe 123", ["uncommon"]),
        ("aaaaaaaaaaaaaaaaaaaa", ["uncommon"]),
    ],
)
def test_what_a_password_lacks_is_named(password: str, missing: list[str]):
    assert keys(password) == missing


def test_the_excluded_characters_of_the_guide_can_be_forbidden_by_a_switch():
    strict = passwords.Policy(8, GUIDE.groups, "*'>", forbidden="*'>")
    assert keys("Tramontane-7*", strict) == ["forbidden"]
    assert keys("Tramontane-7", strict) == []


def test_a_name_hidden_by_accents_and_dashes_is_still_found():
    known = passwords.clues("Hélène", "Martin-Dubois", "h.martin@exemple.fr", "hcr", "HCR Bien-Être")
    for password in ("Helene-2031", "xxMARTIN-9xx", "DUBOIS.42.x", "h.martin-42X", "hcr-BIEN-etre-7"):
        assert keys(password, GUIDE, *known) == ["impersonal"], password
    assert keys("Tout va bien ici", GUIDE, *known) == []


def test_the_floor_is_proved_by_the_formula_of_the_cnil():
    assert GUIDE.bits == pytest.approx(52.19, abs=0.01)
    weak = {"min_length": 8, "required_classes": ["upper", "lower", "digit"]}
    for rule in (weak, weak | {"min_length": 12, "passphrase_length": 10}, weak | {"required_classes": ["emoji"], "min_length": 12}):
        with pytest.raises(msgspec.ValidationError, match=r"plancher|inconnue"):
            msgspec.convert(rule, PasswordRule)
    assert msgspec.convert(weak | {"min_length": 9}, PasswordRule).policy.bits > passwords.FLOOR_BITS


def test_a_brand_file_below_the_floor_or_without_second_factor_stops_the_process(tmp_path: Path):
    good = (BRANDS / "hcr.toml").read_text()
    for found, weakened in (
        ("min_length = 8 ", "min_length = 7 "),
        ("off_in = []", 'off_in = ["entreprise"]'),
        ("idle_days = 90", "idle_days = 900"),
    ):
        assert found in good
        (tmp_path / "hcr.toml").write_text(good.replace(found, weakened, 1))
        with pytest.raises(BadConfiguration, match=r"hcr\.toml"):
            read_brands(tmp_path, "identity", IdentityBrand)
    assert msgspec.convert({"off_in": ["assure"]}, SecondFactor).off_in == ("assure",)


def test_the_list_of_common_passwords_is_long_folded_and_holds_what_french_people_type():
    assert len(passwords.common()) > 10_000
    assert {"azerty", "motdepasse", "bonjour2024", "soleil1", "doudou", "marseille13", "123456789", "qwertyuiop"} <= passwords.common()
    assert all(passwords.folded(word) == word for word in passwords.common())


@given(st.text(max_size=200))
def test_no_text_breaks_the_rule(text: str):
    assert all(criterion.label for criterion in GUIDE.unmet(passwords.normalised(text), {"dominique"}))


# --- Pace ------------------------------------------------------------


def test_codes_are_asked_for_once_a_minute_five_times_a_quarter_ten_times_a_day():
    assert pace.wait_before([], NOW, pace.ASKING) == timedelta(0)
    assert pace.wait_before([NOW - timedelta(seconds=20)], NOW, pace.ASKING) == timedelta(seconds=40)
    assert pace.wait_before([NOW - timedelta(minutes=m) for m in (2, 4, 6, 8, 10)], NOW, pace.ASKING) == timedelta(minutes=5)
    assert pace.wait_before([NOW - timedelta(hours=h) for h in range(1, 11)], NOW, pace.ASKING) == timedelta(hours=14)


@given(st.lists(st.integers(0, 7_200), max_size=60))
def test_no_stretch_of_time_ever_holds_more_than_its_limit(seconds: list[int]):
    allowed: list[datetime] = []
    for second in sorted(seconds):
        at = NOW + timedelta(seconds=second)
        if not pace.wait_before(allowed, at, pace.ASKING):
            allowed.append(at)
    for limit in pace.ASKING:
        assert all(sum(1 for other in allowed if timedelta(0) <= other - at < limit.within) <= limit.most for at in allowed)


# --- Second factor ------------------------------------------------------------


def known(days: float = 1, network: str = "192.0.2.0/24") -> second_factor.KnownDevice:
    return second_factor.KnownDevice(network, NOW - timedelta(days=days))


@pytest.mark.parametrize(
    ("kind", "device", "expected"),
    [
        ("member", known(), None),
        ("member", known(days=90), None),
        ("member", None, "new_browser"),
        ("employer", None, "new_browser"),
        ("member", known(network="198.51.100.0/24"), "new_network"),
        ("employer", known(days=90.01), "long_absence"),
        ("caseworker", known(), "totp"),
    ],
)
def test_a_second_factor_is_asked_on_the_three_triggers_of_the_guides(
    kind: str, device: second_factor.KnownDevice | None, expected: str | None
):
    trigger = second_factor.trigger(kind, device, second_factor.network("192.0.2.77"), NOW)
    assert (trigger and trigger.key) == expected
    assert trigger is None or len(trigger.explanation) > 40


def test_an_address_counts_as_the_same_while_its_network_does():
    assert second_factor.network("192.0.2.1") == second_factor.network("192.0.2.254") == second_factor.network("::ffff:192.0.2.9")
    assert second_factor.network("2001:db8:1:2::1") == second_factor.network("2001:db8:1:ffff::9") == "2001:db8:1::/48"
    assert second_factor.network("192.0.2.1") != second_factor.network("192.0.3.1")
    assert second_factor.network("pas une adresse") == second_factor.NO_NETWORK


def test_an_address_that_cannot_be_read_is_never_the_same_as_before():
    trigger = second_factor.trigger("member", known(network=""), second_factor.network(""), NOW)
    assert trigger is second_factor.NEW_NETWORK


def test_without_a_phone_the_email_is_only_a_first_step_unless_the_brand_says_the_phone_is_optional():
    assert second_factor.channels("member", has_phone=False, email_codes=False) == ("email",)
    assert second_factor.needs_phone("member", has_phone=False, email_codes=False)
    assert not second_factor.needs_phone("member", has_phone=False, email_codes=True)
    assert second_factor.channels("member", has_phone=True, email_codes=False) == ("sms",)
    assert second_factor.channels("caseworker", has_phone=True, email_codes=True) == ("totp",)


# --- Codes and sessions ------------------------------------------------------------


def test_a_letter_code_is_read_with_or_without_dashes_case_free_and_as_people_misread_it():
    assert codes.canonical(" 0i1lo-abcde ") == codes.canonical("0111OABCDE") == "01110ABCDE"
    drawn = {codes.new("post") for _ in range(200)}
    assert len(drawn) == 200
    assert all(codes.is_letter_code(code) and len(code) == 11 and code[5] == "-" for code in drawn)
    assert not codes.is_letter_code(codes.token())
    assert all(len(codes.new("sms")) == 6 and codes.new("email").isdigit() for _ in range(50))


@pytest.mark.parametrize(("kind", "minutes"), [("member", 30), ("employer", 15), ("caseworker", 15), ("applicant", 30)])
def test_a_session_ends_by_itself(kind: str, minutes: int):
    ends = {"expires_at": NOW + timedelta(hours=1), "ended": False}
    assert spaces.alive(kind, last_seen_at=NOW - timedelta(minutes=minutes), now=NOW, **ends)
    assert not spaces.alive(kind, last_seen_at=NOW - timedelta(minutes=minutes, seconds=1), now=NOW, **ends)
    assert not spaces.alive(kind, last_seen_at=NOW, expires_at=NOW, ended=False, now=NOW)
    assert not spaces.alive(kind, last_seen_at=NOW, expires_at=NOW + timedelta(hours=1), ended=True, now=NOW)
