"""The fold is free from order, and each employment moves its own cover alone: properties over whatever payrolls may say."""

import random
import uuid
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from events.dsn import AffiliationSeen, Declaration, EmploymentChanged
from services.members.lifecycle import Status
from services.members.rules.fold import Decision, fold, settle
from services.members.rules.spells import Spell, Spoken
from tests.members.people import CONTRACT, DOMINIQUE, ELSEWHERE, SIRET, cover, declaration, employment, ends, rank

OTHER_EMPLOYER, OTHER_CONTRACT = "55210055400013", "PREVOYANCE-0002"
HIRED, REHIRED, JUNE = date(2026, 2, 1), date(2026, 9, 1), date(2026, 6, 1)
SPELL = Spell(uuid.UUID(int=1), SIRET, CONTRACT, HIRED)
NEXT = Spell(uuid.UUID(int=2), SIRET, CONTRACT, REHIRED)
JOB = employment(DOMINIQUE)

SIRETS = st.sampled_from([SIRET, ELSEWHERE, OTHER_EMPLOYER])
DAYS = st.sampled_from([date(2026, 1, 1), HIRED, date(2026, 3, 1), JUNE, date(2026, 6, 30), date(2026, 7, 1), REHIRED])
NUMBERS = st.sampled_from(["A", "B"])
RANKS = st.builds(rank, st.integers(1, 2), st.integers(1, 3))
COVERS = st.sampled_from([(), (cover(),), (cover(OTHER_CONTRACT),), (cover(), cover(OTHER_CONTRACT))])
MOTIVES = st.sampled_from(["043", "059", "088", "099", "031", "039", None])
SPELLS = st.lists(st.tuples(SIRETS, st.sampled_from([CONTRACT, OTHER_CONTRACT]), DAYS), unique=True, min_size=1, max_size=4)


@st.composite
def declarations(draw: st.DrawFn) -> Declaration:
    """Ranks are few, so that declarations collide: the same rank comes back with another content."""
    nature = draw(st.sampled_from(["01", "07", "08"]))
    kind = draw(st.sampled_from(["normal", "normal", "replaces", "cancels", "replaces_without_individual"]))
    target = draw(st.none() | RANKS) if kind != "normal" else None
    month = draw(st.sampled_from([JUNE, date(2026, 7, 1)])) if nature == "01" else None
    return declaration(0, at=draw(RANKS), siret=draw(SIRETS), nature=nature, type=kind, month=month, target=target)


@st.composite
def facts(draw: st.DrawFn) -> Spoken:
    said, covers = draw(declarations()), draw(COVERS)
    job = employment(DOMINIQUE, draw(DAYS), draw(NUMBERS), seniority_months=draw(st.sampled_from([None, 3, 9])))
    match draw(st.integers(0, 5)):
        case 0:
            return AffiliationSeen(declaration=said, employment=job, covers=covers)
        case 1:
            former = {"former_siret": draw(st.none() | SIRETS), "former_number": draw(st.none() | NUMBERS)}
            return EmploymentChanged(declaration=said, employment=job, covers=covers, changed_on=JUNE, **former)
    return ends(said, job, draw(DAYS), draw(MOTIVES), covers=covers, maintained=draw(st.booleans()))


@given(keys=SPELLS, told=st.lists(facts(), max_size=8), seed=st.integers(0, 2**32))
def test_neither_the_order_of_facts_nor_that_of_forms_matters(keys: list[tuple[str, str, date]], told: list[Spoken], seed: int) -> None:
    chance = random.Random(seed)
    shuffled, places = told + told[::2], list(range(len(keys)))
    chance.shuffle(shuffled)
    chance.shuffle(places)
    spells = [Spell(uuid.UUID(int=place), *key) for place, key in enumerate(keys)]
    reopened = [Spell(uuid.UUID(int=place), *key) for place, key in zip(places, keys, strict=True)]
    decided, again = settle(spells, told), settle(sorted(reopened, key=lambda spell: spell.rights_id), shuffled)
    assert [decided[spell.rights_id] for spell in spells] == [again[spell.rights_id] for spell in reopened]


@st.composite
def said_of(draw: st.DrawFn, begun_on: date, number: str) -> list[Spoken]:
    """What a payroll says of one employment, which it may date some days away from the form."""
    job = employment(DOMINIQUE, begun_on + timedelta(draw(st.integers(-5, 5))), number)
    told: list[Spoken] = []
    for _ in range(draw(st.integers(1, 4))):
        nature = draw(st.sampled_from(["01", "07"]))
        month = begun_on.replace(day=1) if nature == "01" else None
        said = declaration(0, at=draw(RANKS), nature=nature, month=month, type=draw(st.sampled_from(["normal", "cancels"])))
        ended_on = begun_on + timedelta(draw(st.integers(10, 180)))
        end = ends(said, job, ended_on, draw(st.sampled_from(["043", "088", "099", None])))
        told.append(draw(st.sampled_from([end, AffiliationSeen(declaration=said, employment=job, covers=(cover(),))])))
    return told


def stands(decision: Decision) -> tuple[Status, date | None, str | None]:
    """Whether somebody is covered, until when, and why not."""
    return decision.status, decision.ends_on, decision.motive


@given(first=said_of(HIRED, "00004"), second=st.just([]) | said_of(REHIRED, "00005"))
def test_two_employments_never_move_each_others_cover(first: list[Spoken], second: list[Spoken]) -> None:
    both, before = settle([SPELL, NEXT], first + second), settle([SPELL], first + second)
    alone = fold(SPELL, first)
    assert stands(both[SPELL.rights_id].decision) == stands(alone), "though the next cover may end the portability of this one"
    assert not before[SPELL.rights_id].decision.differs(alone), "the second job's form has not come back yet"
    assert not both[NEXT.rights_id].decision.differs(fold(NEXT, second))


def test_dominique_is_hired_again_after_a_job_that_payroll_dated_a_day_later() -> None:
    late = employment(DOMINIQUE, date(2026, 2, 2))
    both = settle([SPELL, NEXT], [ends(declaration(1), late)])
    assert both[SPELL.rights_id].decision.status is Status.PORTABILITY_PENDING
    assert both[NEXT.rights_id].decision.status is Status.ACTIVE


def test_a_job_that_was_over_before_the_form_does_not_hide_the_real_one() -> None:
    old = ends(declaration(1), employment(DOMINIQUE, date(2019, 1, 1), "00001"), date(2020, 12, 31))
    left = ends(declaration(2, 2), employment(DOMINIQUE, date(2026, 2, 2)))
    assert fold(SPELL, [old, left]).ends_on == date(2026, 6, 30)


def test_a_cancelled_end_does_not_hand_the_cover_over_to_the_next_job() -> None:
    cancelled = ends(declaration(1), JOB, motive="099")
    second = ends(declaration(2, 2), employment(DOMINIQUE, REHIRED, "00005"), date(2026, 9, 30))
    assert fold(SPELL, [cancelled, second]).status is Status.ACTIVE


def test_one_rank_told_with_two_seniorities_always_gives_the_longer_cover() -> None:
    short, long = (ends(declaration(1), employment(DOMINIQUE, seniority_months=months)) for months in (3, 9))
    assert fold(SPELL, [short, long]).portability_months == fold(SPELL, [long, short]).portability_months == 9
