"""Each signal of a DSN and what follows for the rights, on the pure fold (S1:306-314; cahier technique, blocks 15, 40, 41, 62 and 70)."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from events.dsn import AffiliationSeen, Declaration, EmploymentChanged, NobodyCovered
from services.members.lifecycle import Halt, Status
from services.members.rules.declarations import superseded
from services.members.rules.fold import Decision, Settled, settle
from services.members.rules.spells import Spell, Spoken
from tests.members.people import CONTRACT, DOMINIQUE, ELSEWHERE, SIRET, cover, declaration, employment, ends, rank

HIRED, LEFT = date(2026, 2, 1), date(2026, 6, 30)
JUNE, JULY, AUGUST, SEPTEMBER = (date(2026, month, 1) for month in (6, 7, 8, 9))
SPELL = Spell(uuid.UUID(int=1), SIRET, CONTRACT, HIRED)
JOB = employment(DOMINIQUE)
COVERED = (cover(),)


def monthly(month: date, number: int = 1, **options: Any) -> Declaration:
    """A monthly declaration, built on the fifth of the next month."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 5)
    return declaration(number, at=rank(number, 5, following.month), nature="01", month=month, **options)


def seen(month: date, number: int = 1, covers: Any = COVERED, job: Any = JOB, **options: Any) -> AffiliationSeen:
    return AffiliationSeen(declaration=monthly(month, number, **options), employment=job, covers=covers)


def nobody(month: date, number: int = 1, reference: str = CONTRACT, **options: Any) -> NobodyCovered:
    """15.004 = '02'."""
    return NobodyCovered(declaration=monthly(month, number, **options), contract_reference=reference, insurer_code="P9999")


def settled(spell: Spell, *facts: Spoken, closures: tuple[NobodyCovered, ...] = (), corrections: tuple[Declaration, ...] = ()) -> Settled:
    return settle([spell], facts, corrections, closures)[spell.rights_id]


def decided(*facts: Spoken, **options: Any) -> Decision:
    return settled(SPELL, *facts, **options).decision


def test_nobody_covered_ends_the_cover_on_the_eve_of_the_month_without_portability() -> None:
    """S21.G00.15.004 = '02'."""
    ended = decided(seen(JUNE), closures=(nobody(JULY), nobody(AUGUST)))
    assert (ended.status, ended.ends_on, ended.motive, ended.portability_months) == (Status.ENDED, LEFT, None, None)
    assert "ne déclare plus aucun salarié couvert par ce contrat depuis juillet 2026" in ended.reason
    assert "pas de portabilité" in ended.reason


@pytest.mark.parametrize(
    "closure",
    [
        nobody(JULY, reference="PREVOYANCE-0002"),
        nobody(JULY, siret=ELSEWHERE),
        nobody(date(2026, 2, 1)),
        NobodyCovered(declaration=declaration(1), contract_reference=CONTRACT, insurer_code="P9999"),
    ],
    ids=["another contract", "another establishment", "before the cover", "without a month"],
)
def test_nobody_covered_elsewhere_or_before_ends_nothing(closure: NobodyCovered) -> None:
    assert decided(closures=(closure,)).status is Status.ACTIVE


def test_being_named_again_under_the_contract_gives_the_cover_back() -> None:
    assert decided(seen(JULY), closures=(nobody(JULY),)).status is Status.ACTIVE
    assert decided(seen(AUGUST), closures=(nobody(JULY),)).status is Status.ACTIVE
    assert decided(seen(AUGUST), closures=(nobody(JULY), nobody(SEPTEMBER))).ends_on == date(2026, 8, 31)


def test_nobody_covered_dies_with_its_declaration() -> None:
    again = monthly(JULY, 2, type="replaces")
    assert decided(closures=(nobody(JULY),), corrections=(again,)).status is Status.ACTIVE


def test_an_employment_that_ended_before_keeps_its_portability_when_nobody_is_left() -> None:
    assert decided(ends(declaration(1), JOB), closures=(nobody(JULY),)).status is Status.PORTABILITY_PENDING
    later = ends(declaration(1), JOB, date(2026, 7, 31))
    assert (decided(later, closures=(nobody(JULY),)).status, decided(later).status) == (Status.ENDED, Status.PORTABILITY_PENDING)


@pytest.mark.parametrize("motive", ["100", "998"])
@pytest.mark.parametrize("since", [HIRED, JULY], ids=["the same start", "a new start"])
def test_a_transfer_moves_the_affiliation_to_the_other_establishment(motive: str, since: date) -> None:
    """Motives 100 and 998: what ends there then ends the cover that was opened here."""
    there = employment(DOMINIQUE, since, "77")
    moved = [ends(monthly(JUNE), JOB, motive=motive), seen(JULY, job=there, siret=ELSEWHERE)]
    stands = settled(SPELL, *moved)
    assert (stands.decision.status, stands.key) == (Status.ACTIVE, (ELSEWHERE, "77", since))
    left = settled(SPELL, *moved, ends(declaration(9, 31, siret=ELSEWHERE), there, date(2026, 7, 31)))
    assert (left.decision.status, left.decision.portability_months) == (Status.PORTABILITY_PENDING, 6)
    assert decided(*moved, closures=(nobody(JULY),)).status is Status.ACTIVE, "she left that establishment"


def test_a_former_establishment_moves_the_affiliation() -> None:
    """S21.G00.41.012."""
    there = employment(DOMINIQUE, HIRED, "77")
    moved = EmploymentChanged(
        declaration=monthly(JUNE, siret=ELSEWHERE),
        employment=there,
        covers=(cover(),),
        changed_on=JUNE,
        former_siret=SIRET,
        former_number="00004",
    )
    stands = settled(SPELL, seen(date(2026, 5, 1)), moved)
    assert (stands.decision.status, stands.key) == (Status.ACTIVE, (ELSEWHERE, "77", HIRED))


def test_another_option_of_the_same_contract_ends_nothing() -> None:
    """70.015 of one option, 70.014 of the next."""
    until, since = cover(option="BASE", ends_on=date(2026, 6, 14)), cover(option="FAMILLE", starts_on=date(2026, 6, 15))
    closed = ends(monthly(JUNE), JOB, date(2026, 6, 14), None, covers=(until,))
    assert decided(seen(JUNE, covers=(until, since)), closed).status is Status.ACTIVE
    assert decided(seen(JUNE, covers=(until,)), closed, seen(JULY, 2, covers=(since,))).status is Status.ACTIVE
    gap = cover(option="FAMILLE", starts_on=date(2026, 6, 20))
    assert decided(seen(JUNE, covers=(until, gap)), closed).ends_on == date(2026, 6, 14)
    assert decided(seen(JUNE, covers=(until,)), closed).ends_on == date(2026, 6, 14)


def test_a_dispense_ends_the_cover_and_the_form_that_follows_takes_it_up_again() -> None:
    """70.015, then an ADV of trigger 03: one employment, two spells of cover, and the end of the job closes the second alone."""
    again = Spell(uuid.UUID(int=2), SIRET, CONTRACT, SEPTEMBER)
    dispensed = ends(monthly(JUNE), JOB, date(2026, 6, 15), None, covers=(cover(ends_on=date(2026, 6, 15)),))
    adv = AffiliationSeen(declaration=declaration(7, 2, nature="08"), employment=JOB, covers=(cover(starts_on=SEPTEMBER),))
    left = ends(declaration(9, 9), JOB, date(2026, 12, 31))
    both = settle([SPELL, again], [dispensed, adv, left])
    assert both[SPELL.rights_id].decision.ends_on == date(2026, 6, 15)
    assert (both[again.rights_id].decision.status, both[again.rights_id].decision.ends_on) == (
        Status.PORTABILITY_PENDING,
        date(2026, 12, 31),
    )
    assert settle([SPELL, again], [dispensed, adv])[again.rights_id].decision.status is Status.ACTIVE


def test_a_new_form_of_the_same_employment_takes_over_without_two_covers() -> None:
    again = Spell(uuid.UUID(int=2), SIRET, CONTRACT, JULY)
    changed = seen(JULY, covers=(cover(starts_on=JULY),))
    both = settle([SPELL, again], [changed])
    assert (both[SPELL.rights_id].decision.ends_on, both[again.rights_id].decision.status) == (LEFT, Status.ACTIVE)


def test_an_end_declared_by_error_is_cancelled_by_the_month() -> None:
    """Monthly 62.002 = '099'."""
    assert decided(ends(declaration(1), JOB), ends(monthly(JULY), JOB, motive="099")).status is Status.ACTIVE


@pytest.mark.parametrize("correction", ["replaces", "cancels", "replaces_without_individual"])
def test_a_correction_of_lower_rank_than_the_last_one_is_ignored(correction: str) -> None:
    first = ends(declaration(1), JOB)
    latest = ends(declaration(3, 3, target=rank(1)), JOB, date(2026, 6, 10))
    late = ends(declaration(2, 2, type=correction, target=rank(1)), JOB, date(2026, 6, 20))
    assert decided(first, latest, late) == decided(first, latest)
    assert superseded([first.declaration, latest.declaration, late.declaration])(late.declaration)


def test_a_month_sent_again_with_a_lower_rank_is_ignored() -> None:
    assert superseded([monthly(JUNE, 5, type="replaces")])(monthly(JUNE, 3, type="replaces"))
    assert not superseded([monthly(JUNE, 3, type="replaces")])(monthly(JUNE, 5, type="replaces"))


def test_consecutive_contracts_with_the_same_employer_count_together() -> None:
    """L911-8, 1°."""
    first, second = employment(DOMINIQUE, date(2025, 11, 1), "00002"), employment(DOMINIQUE, date(2026, 1, 1), "00003")
    facts = [
        ends(declaration(1), first, date(2025, 12, 31), "031"),
        ends(declaration(2), second, date(2026, 1, 31), "031"),
        ends(declaration(3, 3), JOB),
    ]
    counted = settled(SPELL, *facts).entitlement
    assert counted is not None
    assert [(one.starts_on, one.ended_on) for one in counted.contracts] == [
        (date(2025, 11, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (HIRED, LEFT),
    ]
    assert (counted.months, counted.months_employed, counted.counted, counted.capped) == (8, 8, "employment", False)
    assert (counted.starts_on, counted.ends_on, counted.shortened) == (JULY, date(2027, 2, 28), False)
    interrupted = settled(SPELL, facts[0], facts[2]).entitlement
    assert interrupted is not None
    assert interrupted.months == 5


def test_twelve_months_are_the_most_whatever_the_seniority() -> None:
    counted = settled(SPELL, ends(declaration(1), employment(DOMINIQUE, seniority_months=40))).entitlement
    assert counted is not None
    assert (counted.months, counted.seniority_months, counted.counted, counted.capped) == (12, 40, "seniority", True)


@pytest.mark.parametrize("siret", [SIRET, "55210055400013"], ids=["the same employer", "another one"])
def test_the_next_cover_ends_a_portability_on_its_eve(siret: str) -> None:
    following = Spell(uuid.UUID(int=2), siret, CONTRACT, SEPTEMBER)
    proved = replace(SPELL, proved_on=date(2026, 7, 10))
    after = settle([proved, following], [ends(declaration(1), JOB)])[SPELL.rights_id]
    assert (after.decision.status, after.decision.ends_on, after.decision.portability_months) == (Status.PORTABILITY, date(2026, 8, 31), 5)
    assert after.entitlement is not None
    assert after.entitlement.shortened
    assert siret not in after.decision.reason, "a former employer is not told of the next one"


def test_a_cover_that_begins_the_day_after_leaves_no_portability() -> None:
    following = Spell(uuid.UUID(int=2), "55210055400013", CONTRACT, JULY)
    after = settle([SPELL, following], [ends(declaration(1), JOB)])[SPELL.rights_id].decision
    assert (after.status, after.ends_on, after.portability_months) == (Status.ENDED, LEFT, None)
    assert "ses conditions ne sont pas réunies" in after.reason


def test_guarantees_that_begin_after_the_end_give_no_portability() -> None:
    late = replace(SPELL, guaranteed_on=JULY)
    after = settled(late, ends(declaration(1), JOB)).decision
    assert (after.status, after.portability_months) == (Status.ENDED, None)
    assert "n'était pas encore en vigueur" in after.reason


def test_a_proof_counts_for_the_end_it_follows_and_not_for_a_later_one() -> None:
    proved = replace(SPELL, proved_on=date(2026, 7, 10))
    assert settled(proved, ends(declaration(1), JOB)).decision.status is Status.PORTABILITY
    cancelled = ends(declaration(2, 6, type="cancels", target=rank(1)), JOB)
    later = ends(declaration(3, 30), JOB, date(2026, 12, 31))
    assert settled(proved, ends(declaration(1), JOB), cancelled, later).decision.status is Status.PORTABILITY_PENDING


@pytest.mark.parametrize(("why", "sentence"), [(Halt.BENEFIT_ENDED, "s'est arrêtée"), (Halt.PROOF_MISSING, "n'a pas été reçu")])
def test_a_portability_stops_before_its_term(why: Halt, sentence: str) -> None:
    halted = replace(SPELL, proved_on=date(2026, 7, 10), halted_on=date(2026, 9, 15), halt=why)
    after = settled(halted, ends(declaration(1), JOB)).decision
    assert (after.status, after.ends_on, after.portability_ends_on) == (Status.ENDED, date(2026, 9, 15), date(2026, 11, 30))
    assert sentence in after.reason
