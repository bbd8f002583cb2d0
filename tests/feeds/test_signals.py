"""What blocks tell and do not tell: the table of signals, one story each."""

from datetime import date

import pytest

from events.dsn import AffiliationSeen, DeclarationTaken, EmploymentChanged, IdentityChanged, NobodyCovered, Radiation, Rank
from events.fact import Fact, Sealed
from tests.feeds.files import (
    ANDREA_IS_KEPT,
    CHARLIE_STAYS,
    DOMINIQUE_LEAVES,
    MONTHLY,
    PEOPLE,
    as_monthly,
    outcomes,
    reasons,
    taken,
    with_lines,
    with_values,
    without,
)


def told(content: bytes) -> list[type[Fact]]:
    return [type(fact) for fact in taken(content).facts]


def radiations(content: bytes) -> list[Radiation]:
    return [fact for fact in taken(content).facts if isinstance(fact, Radiation)]


def test_a_monthly_tells_the_same_end_of_contract() -> None:
    assert told(as_monthly(DOMINIQUE_LEAVES)) == [AffiliationSeen, Radiation, DeclarationTaken]
    (by_month,), (by_end,) = radiations(as_monthly(DOMINIQUE_LEAVES)), radiations(DOMINIQUE_LEAVES)
    assert (by_month.ended_on, by_month.motive, by_month.employment) == (by_end.ended_on, by_end.motive, by_end.employment)


@pytest.mark.parametrize("motive", ["099", "100", "998", "999", "066"])
def test_motives_are_told_as_they_were_declared(motive: str) -> None:
    (radiation,) = radiations(as_monthly(DOMINIQUE_LEAVES, S21_G00_62_002=motive))
    assert radiation.motive == motive


def test_an_end_declared_by_error_may_be_dated_before_the_start() -> None:
    (radiation,) = radiations(as_monthly(DOMINIQUE_LEAVES, S21_G00_62_002="099", S21_G00_62_001="31012026"))
    assert radiation.ended_on == date(2026, 1, 31)


def test_a_kept_affiliation_says_so() -> None:
    (radiation,) = radiations(ANDREA_IS_KEPT)
    assert radiation.maintained


def test_a_cancellation_repeats_the_end_and_names_what_it_cancels() -> None:
    (radiation,) = radiations(CHARLIE_STAYS)
    assert radiation.declaration.type == "cancels"
    assert radiation.declaration.target == Rank(built_on=date(2026, 7, 3), number=1003)


@pytest.mark.parametrize(
    ("cover_end", "causes"),
    [("30062026", ["employment"]), ("31072026", ["employment"]), ("15062026", ["employment", "cover"])],
)
def test_a_cover_that_ends_with_the_job_is_told_once(cover_end: str, causes: list[str]) -> None:
    content = with_lines(as_monthly(DOMINIQUE_LEAVES), "S21.G00.70.013", ("S21.G00.70.015", cover_end))
    assert [radiation.cause for radiation in radiations(content)] == causes


@pytest.mark.parametrize(
    ("motive", "causes"),
    [(motive, ["employment", "cover"]) for motive in ("099", "116", "999")] + [(motive, ["employment"]) for motive in ("100", "998")],
)
def test_a_cover_ends_when_what_is_told_is_no_end_of_the_job_and_moves_with_a_transfer(motive: str, causes: list[str]) -> None:
    content = with_lines(as_monthly(DOMINIQUE_LEAVES, S21_G00_62_002=motive), "S21.G00.70.013", ("S21.G00.70.015", "30062026"))
    assert [radiation.cause for radiation in radiations(content)] == causes


def test_a_month_that_covers_nobody_says_so_of_each_contract_and_may_be_sent_again() -> None:
    emptied = without(with_values(MONTHLY, S20_G00_05_002="02", S21_G00_15_004="02"), *PEOPLE)
    assert {fact.contract_reference for fact in taken(emptied).facts if isinstance(fact, NobodyCovered)} == {
        "SANTE-EX-0001",
        "SANTE-EX-0002",
    }
    again = taken(with_values(emptied, S20_G00_05_002="05"))
    assert again.declaration.type == "replaces_without_individual"


def test_an_adv_is_cancelled_and_is_never_replaced() -> None:
    adv = without(with_values(CHARLIE_STAYS, S20_G00_05_001="08"), "S21.G00.62")
    assert (taken(adv).declaration.type, taken(adv).declaration.target) == ("cancels", Rank(built_on=date(2026, 7, 3), number=1003))
    assert reasons(with_values(adv, S20_G00_05_002="03")) == [("S20.G00.05.002", "annule et remplace interdit pour un amorçage")]


def test_a_cover_ends_though_the_employer_says_that_affiliation_goes_on() -> None:
    kept = with_lines(as_monthly(ANDREA_IS_KEPT), "S21.G00.70.013", ("S21.G00.70.015", "30062026"))
    assert [(radiation.cause, radiation.maintained) for radiation in radiations(kept)] == [("employment", True), ("cover", False)]


def test_an_end_of_contract_tells_one_end_with_its_covers_own_dates() -> None:
    (radiation,) = radiations(with_lines(DOMINIQUE_LEAVES, "S21.G00.70.013", ("S21.G00.70.015", "15062026")))
    assert radiation.cause == "employment"
    assert [cover.ends_on for cover in radiation.covers] == [date(2026, 6, 15)]


def test_a_monthly_may_replace_an_earlier_one_with_or_without_naming_it() -> None:
    named = with_lines(with_values(MONTHLY, S20_G00_05_002="03"), "S20.G00.05.005", ("S20.G00.05.006", "020620269"))
    assert taken(named).declaration.target == Rank(built_on=date(2026, 6, 2), number=9)
    assert taken(with_values(MONTHLY, S20_G00_05_002="03")).declaration.target is None


@pytest.mark.parametrize(("code", "type_"), [("02", "without_individual"), ("05", "replaces_without_individual")])
def test_a_month_without_people_is_taken(code: str, type_: str) -> None:
    content = without(with_values(MONTHLY, S20_G00_05_002=code), *PEOPLE)
    assert taken(content).declaration.type == type_


def test_a_spell_that_moves_is_known_by_its_former_key() -> None:
    moved = (("S21.G00.41.001", "01062026"), ("S21.G00.41.012", "12345678200002"), ("S21.G00.41.014", "99"), ("S21.G00.41.021", "01012026"))
    (change,) = [
        fact
        for fact in taken(with_lines(as_monthly(DOMINIQUE_LEAVES), "S21.G00.40.037", *moved)).facts
        if isinstance(fact, EmploymentChanged)
    ]
    assert (change.former_siret, change.former_number, change.former_starts_on) == ("12345678200002", "99", date(2026, 1, 1))
    assert change.changed_on == date(2026, 6, 1)


def test_a_change_of_status_or_of_address_is_not_ours() -> None:
    status = (("S21.G00.41.001", "01062026"), ("S21.G00.41.002", "05"))
    assert EmploymentChanged not in told(with_lines(as_monthly(DOMINIQUE_LEAVES), "S21.G00.40.037", *status))
    assert IdentityChanged not in told(with_lines(as_monthly(DOMINIQUE_LEAVES), "S21.G00.30.019", ("S21.G00.31.001", "01062026")))


def test_a_corrected_nir_name_and_birth_date_are_told_sealed() -> None:
    change = (
        ("S21.G00.31.001", "01062026"),
        ("S21.G00.31.008", "2800475999099"),
        ("S21.G00.31.010", "Dominic"),
        ("S21.G00.31.011", "99041980"),
    )
    facts = taken(with_lines(as_monthly(DOMINIQUE_LEAVES), "S21.G00.30.019", *change)).facts
    (told_change,) = [fact for fact in facts if isinstance(fact, IdentityChanged)]
    assert told_change.former_nir == Sealed("2800475999099")
    assert told_change.former_first_name == Sealed("Dominic")
    assert told_change.former_birth_on == Sealed("99041980")
    assert told_change.former_last_name is None


@pytest.mark.parametrize(
    ("trigger", "seen"), [("01", True), ("03", True), ("04", True), ("05", True), ("02", False), ("06", False), ("07", False)]
)
def test_an_adv_affiliates_by_its_trigger(trigger: str, seen: bool) -> None:
    adv = with_lines(with_values(DOMINIQUE_LEAVES, S20_G00_05_001="08"), "S20.G00.05.010", ("S20.G00.05.011", trigger))
    assert (AffiliationSeen in told(without(adv, "S21.G00.62", "S21.G00.70"))) == seen
    assert AffiliationSeen in told(without(adv, "S21.G00.62"))


@pytest.mark.parametrize("nature", ["04", "05", "10"])
def test_a_sick_leave_and_its_reason_are_never_told(nature: str) -> None:
    leave = with_lines(without(DOMINIQUE_LEAVES, "S21.G00.62"), "S21.G00.40.037", ("S21.G00.60.001", "01"), ("S21.G00.60.002", "01062026"))
    assert told(with_values(leave, S20_G00_05_001=nature)) == [DeclarationTaken]


def test_somebody_missing_from_a_month_is_not_radiated() -> None:
    lines = MONTHLY.splitlines(keepends=True)
    starts = [place for place, line in enumerate(lines) if line.startswith(b"S21.G00.30.002")]
    only_alix = b"".join(lines[: starts[1] - 1] + lines[-2:])
    assert radiations(with_values(only_alix)) == []


@pytest.mark.parametrize(("unit", "value", "months"), [("01", "360", 12), ("01", "366", 13), ("02", "5", 5), ("03", "2", 24)])
def test_seniority_is_told_in_months_begun(unit: str, value: str, months: int) -> None:
    (radiation,) = radiations(with_values(DOMINIQUE_LEAVES, S21_G00_86_002=unit, S21_G00_86_003=value))
    assert radiation.employment.seniority_months == months


@pytest.mark.parametrize("change", [{"S21_G00_86_001": "02"}, {"S21_G00_86_005": "autre"}])
def test_a_seniority_of_the_branch_or_of_another_contract_is_not_this_one(change: dict[str, str]) -> None:
    (radiation,) = radiations(with_values(DOMINIQUE_LEAVES, **change))
    assert radiation.employment.seniority_months is None


def test_a_birth_date_partly_unknown_is_told_as_written() -> None:
    (radiation,) = radiations(with_values(DOMINIQUE_LEAVES, S21_G00_30_006="99991980"))
    assert radiation.employment.birth_on == Sealed("99991980")


def test_o_connor_leaves_under_her_own_name_from_a_file_with_crlf() -> None:
    content = with_values(DOMINIQUE_LEAVES, S21_G00_30_002="O'CONNOR").replace(b"\n", b"\r\n")
    (radiation,) = radiations(content)
    assert radiation.employment.last_name == Sealed("O'CONNOR")


def test_nothing_personal_is_printed_with_a_fact() -> None:
    printed = repr(outcomes(MONTHLY))
    assert "2850275999002" not in printed
    assert "EXEMPLE'" not in printed
    assert "DÉMO" not in printed
