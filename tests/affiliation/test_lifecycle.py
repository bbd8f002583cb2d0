"""The table of the journey: the guide's words, every (state, verb) pair, and the page drawn from it."""

from itertools import product
from pathlib import Path

import pytest

import events
from services.affiliation import lifecycle
from services.affiliation.errors import ForbiddenTransition
from services.affiliation.lifecycle import AUDIENCES, LABELS, OPENINGS, TRANSITIONS, Opening, State, Verb

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lifecycle.md"
EVERY_PAIR = [*product([None, *State], Verb)]
LEGAL = {(line.origin, line.verb): line.target for line in TRANSITIONS}


def test_the_states_are_worded_as_in_the_guide() -> None:
    assert [state.label for state in State] == ["Envoyé à l'employé", "Démarré par le salarié", "Finalisé par le salarié", "Abandonné"]


@pytest.mark.parametrize(("state", "verb"), EVERY_PAIR)
def test_every_verb_in_every_state_moves_as_the_table_says_or_explains_itself(state: State | None, verb: Verb) -> None:
    if (state, verb) in LEGAL:
        assert lifecycle.after(state, verb) == LEGAL[state, verb]
        return
    with pytest.raises(ForbiddenTransition) as refusal:
        lifecycle.after(state, verb)
    assert LABELS[verb] in str(refusal.value)
    assert state is None or f"« {state.label} »" in str(refusal.value)


def test_the_guide_s_story_and_no_other_is_legal() -> None:
    """Written by hand, so that a line lost from the table is noticed."""
    assert LEGAL == {
        (None, "pre_affiliate"): "sent",
        ("sent", "start"): "started",
        ("sent", "relaunch"): "sent",
        ("sent", "resend"): "sent",
        ("sent", "remind"): "sent",
        ("sent", "pause"): "sent",
        ("sent", "resume"): "sent",
        ("sent", "report_undelivered"): "sent",
        ("sent", "receive_paper"): "finalised",
        ("sent", "abandon"): "abandoned",
        ("started", "save_draft"): "started",
        ("started", "relaunch"): "started",
        ("started", "resend"): "started",
        ("started", "remind"): "started",
        ("started", "pause"): "started",
        ("started", "resume"): "started",
        ("started", "report_undelivered"): "started",
        ("started", "finalise"): "finalised",
        ("started", "receive_paper"): "finalised",
        ("started", "abandon"): "abandoned",
        ("abandoned", "restart"): "abandoned",
    }


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("audience", ["employer", "applicant", "caseworker", "system", "member", "anonymous"])
def test_what_a_screen_offers_is_always_accepted(state: State, audience: str) -> None:
    for line in lifecycle.possible(state, audience):
        assert lifecycle.after(state, line.verb) == line.target
        assert audience in AUDIENCES[line.verb]


def test_a_caseworker_handles_what_the_employer_cannot_see() -> None:
    awaited = ["resend", "pause", "resume", "report_undelivered", "receive_paper", "abandon"]
    assert {str(state): [line.verb for line in lifecycle.possible(state, "caseworker")] for state in State} == {
        "sent": awaited,
        "started": awaited,
        "finalised": [],
        "abandoned": ["restart"],
    }


def test_an_employer_s_buttons_follow_the_state() -> None:
    assert [line.verb for line in lifecycle.possible(State.SENT, "employer")] == ["relaunch", "resend", "pause", "resume", "abandon"]
    assert [line.verb for line in lifecycle.possible(State.FINALISED, "employer")] == []
    kept = {Verb.ABANDON, Verb.PAUSE, Verb.RESUME}
    assert [line.verb for line in lifecycle.possible(State.SENT, "employer", but=kept)] == ["relaunch", "resend"]
    assert [line.verb for line in lifecycle.possible(State.ABANDONED, "employer")] == ["restart"]


@pytest.mark.parametrize(
    ("state", "verb", "expected"),
    [
        (State.STARTED, Verb.START, True),
        (State.FINALISED, Verb.FINALISE, True),
        (State.ABANDONED, Verb.ABANDON, True),
        (State.FINALISED, Verb.START, False),
        (State.SENT, Verb.PRE_AFFILIATE, False),
        (State.SENT, Verb.RELAUNCH, False),
        (State.STARTED, Verb.SAVE_DRAFT, False),
    ],
)
def test_saying_again_what_led_here_is_harmless_but_a_reminder_is_another_one(state: State, verb: Verb, expected: bool) -> None:
    assert lifecycle.done(state, verb) is expected


def test_each_verb_has_one_label_and_each_event_is_in_the_catalogue() -> None:
    assert {(line.verb, line.label) for line in TRANSITIONS} == set(LABELS.items())
    assert set(LABELS) == set(Verb) == set(AUDIENCES)
    assert {line.event for line in TRANSITIONS if line.event} <= set(events.CATALOGUE)


def test_only_a_state_with_a_form_lets_a_draft_be_saved_and_only_a_journey_can_end() -> None:
    drafting = {line.origin for line in TRANSITIONS if line.verb == Verb.SAVE_DRAFT}
    ending = {line.origin for line in TRANSITIONS if line.verb == Verb.ABANDON}
    assert set(OPENINGS) == set(State)
    assert set(lifecycle.open_for(Opening.FORM)) == drafting
    assert set(lifecycle.open_for(Opening.JOURNEY)) == ending


def test_the_page_of_the_documentation_is_in_step() -> None:
    assert PAGE.read_text(encoding="utf-8") == lifecycle.page(), "make pages"
    assert "sent --> started : start" in lifecycle.mermaid()
