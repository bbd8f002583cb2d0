"""The rules alone: motives, months of portability, the fold and its freedom from order."""

import random
import uuid
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.dsn import AffiliationSeen, DeclarationTaken, EmploymentChanged, IdentityChanged, Radiation
from events.fact import Sealed
from services.members.lifecycle import FILTERS, LABELS, MOVE_LABELS, Move, Status, move
from services.members.models import search_name
from services.members.rules import card, portability
from services.members.rules.facts import latest_nir
from services.members.rules.fold import Settled, fold, settle
from services.members.rules.motives import UNKNOWN, Outcome, motive, motives
from services.members.rules.spells import Spell, Spoken
from tests.members.people import CONTRACT, DOMINIQUE, ELSEWHERE, SIRET, cover, declaration, employment, ends, rank

HIRED, REHIRED = date(2026, 2, 1), date(2026, 9, 1)
SPELL = Spell(uuid.UUID(int=1), SIRET, CONTRACT, HIRED)
NEXT = Spell(uuid.UUID(int=2), SIRET, CONTRACT, REHIRED)
JOB = employment(DOMINIQUE)
NEXT_JOB = employment(DOMINIQUE, REHIRED, "00005")
JUNE = date(2026, 6, 1)


def test_the_motive_table_has_its_54_codes_and_five_classes() -> None:
    assert Counter(why.outcome for why in motives().values()) == {
        Outcome.PRESUMED: 34,
        Outcome.PROOF: 10,
        Outcome.EXCLUDED: 2,
        Outcome.OTHER_DUTY: 3,
        Outcome.NOT_AN_END: 5,
    }
    assert motive("088").outcome is Outcome.EXCLUDED
    assert motive("087").outcome is Outcome.PRESUMED
    assert motive("777") is motive(None) is UNKNOWN


@pytest.mark.parametrize(
    ("starts_on", "ended_on", "months"),
    [
        (date(2026, 2, 1), date(2026, 6, 30), 5),
        (date(2026, 2, 1), date(2026, 6, 28), 5),
        (date(2026, 2, 1), date(2026, 7, 1), 6),
        (date(2026, 2, 15), date(2026, 3, 14), 1),
        (date(2026, 2, 15), date(2026, 3, 15), 2),
        (date(2026, 6, 30), date(2026, 6, 30), 1),
        (date(2018, 3, 1), date(2026, 6, 30), 12),
    ],
)
def test_a_begun_month_counts_and_twelve_is_the_most(starts_on: date, ended_on: date, months: int) -> None:
    assert portability.length(starts_on, ended_on) == months


def test_seniority_counts_when_contracts_follow_one_another() -> None:
    assert portability.length(date(2026, 4, 1), date(2026, 6, 30), 9) == 9
    assert portability.length(date(2026, 4, 1), date(2026, 6, 30), 2) == 3
    assert portability.length(date(2026, 4, 1), date(2026, 6, 30), 100) == 12


@pytest.mark.parametrize(
    ("ended_on", "months", "last_day"),
    [
        (date(2026, 6, 30), 5, date(2026, 11, 30)),
        (date(2026, 6, 28), 5, date(2026, 11, 28)),
        (date(2026, 2, 28), 1, date(2026, 3, 31)),
        (date(2026, 8, 30), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_portability_begins_the_day_after(ended_on: date, months: int, last_day: date) -> None:
    assert portability.last_day(ended_on, months) == last_day


def test_dominique_leaves_by_agreement_and_resigns_by_letter() -> None:
    agreed = fold(SPELL, [ends(declaration(1), JOB)])
    assert (agreed.status, agreed.portability_months) == (Status.PORTABILITY_PENDING, 5)
    assert "peut continuer gratuitement pendant 5 mois" in agreed.reason
    resigned = fold(SPELL, [ends(declaration(1), JOB, motive="059")])
    assert resigned.status is Status.PORTABILITY_PENDING
    assert "n'est pas acquise" in resigned.reason


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("088", "La loi exclut la portabilité"), ("039", "couverture individuelle"), ("066", "Les ayants droit peuvent demander")],
)
def test_some_ends_close_rights_for_good(code: str, sentence: str) -> None:
    closed = fold(SPELL, [ends(declaration(1), JOB, motive=code)])
    assert (closed.status, closed.ends_on, closed.portability_months) == (Status.ENDED, date(2026, 6, 30), None)
    assert sentence in closed.reason


@pytest.mark.parametrize("code", ["099", "100", "116", "998", "999"])
def test_a_transfer_or_a_cancelled_end_radiates_nobody(code: str) -> None:
    said = declaration(2, 5, nature="01", month=JUNE)
    assert fold(SPELL, [ends(declaration(1), JOB), ends(said, JOB, motive=code)]).status is Status.ACTIVE


def test_a_kept_affiliation_says_so_and_closes_nothing() -> None:
    kept = fold(SPELL, [ends(declaration(1), JOB, motive="031", maintained=True)])
    assert (kept.status, kept.ends_on, kept.portability_months) == (Status.ACTIVE, None, None)
    assert kept.reason == "Fin de contrat annoncée pour le 30/06/2026, affiliation maintenue par l'employeur : la couverture continue."
    assert kept.differs(fold(SPELL, []))


def test_a_kept_affiliation_is_told_once_though_the_next_contract_follows() -> None:
    kept = ends(declaration(1), JOB, date(2026, 6, 30), "031", maintained=True)
    month = declaration(9, 31, nature="01", month=JUNE)
    renewal = AffiliationSeen(declaration=month, employment=employment(DOMINIQUE, date(2026, 7, 1), "00006"))
    assert not fold(SPELL, [kept, renewal]).differs(fold(SPELL, [kept]))


def test_the_cover_can_end_while_the_job_goes_on() -> None:
    ended = fold(SPELL, [ends(declaration(1, nature="01", month=JUNE), JOB, date(2026, 6, 15), None)])
    assert (ended.status, ended.ends_on, ended.portability_months) == (Status.ENDED, date(2026, 6, 15), None)


def test_a_job_that_ends_after_its_cover_gives_no_portability() -> None:
    facts = [ends(declaration(1, nature="01", month=JUNE), JOB, date(2026, 6, 15), None), ends(declaration(2, 3), JOB)]
    assert fold(SPELL, facts).ends_on == date(2026, 6, 15)
    before = [ends(declaration(1, nature="01", month=JUNE), JOB, date(2026, 7, 15), None), ends(declaration(2, 3), JOB)]
    assert fold(SPELL, before).status is Status.PORTABILITY_PENDING


def test_a_monthly_that_repeats_a_cancelled_end_dies_with_it() -> None:
    left = ends(declaration(1), JOB)
    echo = ends(declaration(1, 5, nature="01", month=JUNE), JOB)
    cancelled = ends(declaration(2, 6, type="cancels", target=rank(1)), JOB)
    assert fold(SPELL, [left, echo]).status is Status.PORTABILITY_PENDING
    assert fold(SPELL, [left, echo, cancelled]).status is Status.ACTIVE
    restated = ends(declaration(2, 8, nature="01", month=JUNE), JOB)
    assert fold(SPELL, [left, echo, cancelled, restated]).status is Status.PORTABILITY_PENDING


def test_chained_replacements_keep_the_last() -> None:
    chain = [
        ends(declaration(1), JOB, date(2026, 6, 30)),
        ends(declaration(2, 2, target=rank(1)), JOB, date(2026, 6, 20)),
        ends(declaration(3, 3, target=rank(2, 2)), JOB, date(2026, 6, 10)),
    ]
    assert fold(SPELL, chain).ends_on == date(2026, 6, 10)
    assert fold(SPELL, chain[::-1]).ends_on == date(2026, 6, 10)


def test_a_lower_replacement_than_the_last_one_taken_is_not_heard() -> None:
    late = ends(declaration(2, 2, target=rank(1)), JOB, date(2026, 6, 20))
    latest = ends(declaration(3, 3), JOB, date(2026, 6, 10))
    assert fold(SPELL, [latest, late]).ends_on == date(2026, 6, 10)


def test_a_fixed_term_kept_then_ended_ends_the_rights_it_opened() -> None:
    first = ends(declaration(1), JOB, date(2026, 6, 30), "031", maintained=True)
    renewal = employment(DOMINIQUE, date(2026, 7, 1), "00006")
    ended = ends(declaration(9, 31), renewal, date(2026, 7, 31), "031")
    decided = fold(SPELL, [first, ended])
    assert (decided.status, decided.ends_on) == (Status.PORTABILITY_PENDING, date(2026, 7, 31))
    assert decided.portability_months == 6


def test_a_late_end_of_an_older_job_leaves_todays_rights_alone() -> None:
    older = employment(DOMINIQUE, date(2019, 1, 1), "00001")
    assert fold(SPELL, [ends(declaration(1), older, date(2020, 12, 31))]).status is Status.ACTIVE


def test_cover_opened_during_an_older_job_ends_with_that_job() -> None:
    older = employment(DOMINIQUE, date(2019, 1, 1), "00001")
    assert fold(SPELL, [ends(declaration(1), older)]).status is Status.PORTABILITY_PENDING


def test_a_new_key_is_followed_even_in_a_circle() -> None:
    to = employment(DOMINIQUE, HIRED, "A")
    there = EmploymentChanged(declaration=declaration(1), employment=to, changed_on=JUNE, former_number="B")
    back = EmploymentChanged(
        declaration=declaration(2, 2), employment=employment(DOMINIQUE, HIRED, "B"), changed_on=JUNE, former_number="A"
    )
    assert fold(SPELL, [there, back, ends(declaration(3, 3), to)]).status is Status.PORTABILITY_PENDING


def test_a_nir_follows_its_changes_in_any_order() -> None:
    def change(former: str, new: str, day: int) -> IdentityChanged:
        spell = employment({**DOMINIQUE, "nir13": new})
        return IdentityChanged(declaration=declaration(day), employment=spell, changed_on=date(2026, 6, day), former_nir=Sealed(former))

    steps = [change("A" * 13, "B" * 13, 1), change("B" * 13, "C" * 13, 2)]
    assert latest_nir(steps) == latest_nir(steps[::-1]) == "C" * 13
    assert latest_nir([*steps, change("C" * 13, "A" * 13, 3)]) == "A" * 13
    assert latest_nir([]) is None


def pool() -> list[Spoken]:
    """Everything a payroll may say of one person: ends, replacements, cancellations, echoes, transfers, a second hiring."""
    elsewhere = employment(DOMINIQUE, HIRED, "77")
    moved = {"former_siret": SIRET, "former_number": JOB.number}
    return [
        ends(declaration(1), JOB),
        ends(declaration(2, 2, target=rank(1)), JOB, date(2026, 6, 28)),
        ends(declaration(3, 3, target=rank(2, 2)), JOB, date(2026, 6, 20), "059"),
        ends(declaration(4, 4, type="cancels", target=rank(3, 3)), JOB, date(2026, 6, 20), "059"),
        ends(declaration(5, 5, nature="01", month=JUNE), JOB),
        ends(declaration(6, 6, nature="01", month=JUNE, type="replaces"), JOB, date(2026, 6, 29)),
        ends(declaration(7, 7), JOB, motive="031", maintained=True),
        ends(declaration(8, 8, nature="01", month=date(2026, 7, 1)), JOB, motive="099"),
        ends(declaration(9, 9, nature="01", month=date(2026, 7, 1)), JOB, date(2026, 6, 15), None),
        EmploymentChanged(declaration=declaration(10, 9, siret=ELSEWHERE), employment=elsewhere, changed_on=JUNE, **moved),
        ends(declaration(11, 10, siret=ELSEWHERE), elsewhere, date(2026, 8, 31), "088"),
        ends(declaration(12, 11), NEXT_JOB, date(2026, 12, 31), "043"),
        ends(declaration(13, 12, target=rank(12, 11)), NEXT_JOB, date(2026, 12, 15), "088"),
    ]


@given(chosen=st.sets(st.integers(0, len(pool()) - 1)), seed=st.integers(0, 2**32))
def test_any_order_with_repeats_gives_the_same_decisions(chosen: set[int], seed: int) -> None:
    facts = [pool()[place] for place in sorted(chosen)]
    shuffled = facts + facts[::2]
    random.Random(seed).shuffle(shuffled)
    spells = [SPELL, NEXT]
    assert settle(spells, facts) == settle(spells[::-1], shuffled)


@given(chosen=st.sets(st.integers(0, len(pool()) - 1)))
def test_what_is_said_of_one_spell_never_touches_the_next(chosen: set[int]) -> None:
    """But for the length of a portability: consecutive contracts with one employer count together."""
    facts = [pool()[place] for place in chosen]
    of_next = [fact for fact in facts if fact.employment == NEXT_JOB]
    both = settle([SPELL, NEXT], facts)
    assert stands(both[NEXT.rights_id]) == stands(settle([SPELL, NEXT], of_next)[NEXT.rights_id])
    of_first = [fact for fact in facts if fact.employment != NEXT_JOB]
    assert both[SPELL.rights_id].decision == settle([SPELL, NEXT], of_first)[SPELL.rights_id].decision


def stands(settled: Settled) -> tuple[Status, date | None, str | None]:
    """Whether somebody is covered, until when, and why not."""
    return settled.decision.status, settled.decision.ends_on, settled.decision.motive


@given(chosen=st.sets(st.integers(0, 4)), dead_end=st.dates(date(2026, 6, 1), date(2026, 6, 30)))
def test_a_dead_declaration_changes_no_state(chosen: set[int], dead_end: date) -> None:
    facts = [pool()[place] for place in chosen]
    killed = ends(declaration(40, 20), JOB, dead_end)
    killer = declaration(41, 21, type="replaces_without_individual", target=rank(40, 20))
    with_dead = fold(SPELL, [*facts, killed], [killer])
    assert not with_dead.differs(fold(SPELL, facts))


@given(
    starts_on=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    days=st.integers(0, 5000),
)
def test_portability_is_never_longer_than_the_job_nor_than_a_year(starts_on: date, days: int) -> None:
    ended_on = date.fromordinal(starts_on.toordinal() + days)
    months = portability.length(starts_on, ended_on)
    last_day = portability.last_day(ended_on, months)
    assert 1 <= months <= 12
    assert ended_on < last_day
    assert (last_day - ended_on).days <= 366
    assert (last_day - ended_on).days <= days + 1 + 34


def test_a_replaced_month_is_known_by_its_declaration_alone() -> None:
    first = ends(declaration(1, nature="01", month=JUNE), JOB)
    again = DeclarationTaken(
        declaration=declaration(2, 4, nature="01", month=JUNE, type="replaces_without_individual"), individuals=0, facts=0
    )
    assert fold(SPELL, [first], [again.declaration]).status is Status.ACTIVE
    other_fraction = declaration(2, 4, nature="01", month=JUNE, type="replaces", fraction="12")
    assert fold(SPELL, [first], [other_fraction]).status is Status.PORTABILITY_PENDING


def test_an_end_for_another_contract_is_not_ours() -> None:
    other: Radiation = ends(declaration(1), JOB, covers=(cover("AUTRE"),))
    assert fold(SPELL, [other]).status is Status.ACTIVE


def test_a_proof_opens_portability_and_its_last_day_ends_it() -> None:
    facts = [ends(declaration(1), JOB)]
    proved = Spell(SPELL.rights_id, SIRET, CONTRACT, HIRED, proved_on=date(2026, 7, 10))
    granted = fold(proved, facts)
    assert (granted.status, granted.ends_on) == (Status.PORTABILITY, date(2026, 11, 30))
    over = fold(Spell(SPELL.rights_id, SIRET, CONTRACT, HIRED, date(2026, 7, 10), date(2026, 12, 1)), facts)
    assert (over.status, over.ends_on) == (Status.ENDED, date(2026, 11, 30))
    assert fold(proved, []).status is Status.ACTIVE


def test_every_move_has_its_words() -> None:
    assert [LABELS[status] for status in Status] == [
        "Droits ouverts",
        "Portabilité en attente de justificatif",
        "Portabilité",
        "Droits fermés",
    ]
    assert {move(before, after) for before in Status for after in Status} <= set(MOVE_LABELS)
    assert set(MOVE_LABELS) == set(Move)
    assert move(Status.ENDED, Status.ACTIVE) is Move.REOPEN
    assert set(FILTERS["all"]) == set(Status)


def test_a_card_lasts_the_covered_days_of_its_year() -> None:
    assert card.period(date(2026, 2, 1), None, date(2026, 5, 1)) == (date(2026, 2, 1), date(2026, 12, 31))
    assert card.period(date(2018, 3, 1), date(2026, 6, 30), date(2026, 5, 1)) == (date(2026, 1, 1), date(2026, 6, 30))


def test_names_are_searched_without_accents() -> None:
    assert search_name("L'Œuil-Déjà", "Hélène") == "l oeuil deja helene"
