"""The life of a habilitation, exhaustively: each state with each verb, and the buttons an administrator sees."""

import itertools

import pytest

from services.employers import lifecycle
from services.employers.errors import ForbiddenTransition
from services.employers.lifecycle import State, Verb

ALLOWED = {
    (None, "request"): "requested",
    (None, "invite"): "invited",
    (None, "grant"): "active",
    ("requested", "approve"): "active",
    ("requested", "revoke"): "revoked",
    ("invited", "accept"): "active",
    ("invited", "resend"): "invited",
    ("invited", "edit"): "invited",
    ("invited", "revoke"): "revoked",
    ("expired", "accept"): "active",
    ("expired", "resend"): "invited",
    ("expired", "revoke"): "revoked",
    ("active", "edit"): "active",
    ("active", "suspend"): "suspended",
    ("active", "revoke"): "revoked",
    ("suspended", "edit"): "suspended",
    ("suspended", "suspend"): "suspended",
    ("suspended", "reactivate"): "active",
    ("suspended", "revoke"): "revoked",
}


@pytest.mark.parametrize(("state", "verb"), list(itertools.product((None, *State), Verb)))
def test_each_verb_leads_where_the_table_says_or_is_refused(state: State | None, verb: Verb):
    expected = ALLOWED.get((state.value if state else None, verb.value))
    if expected is None:
        with pytest.raises(ForbiddenTransition):
            lifecycle.after(state, verb)
    else:
        assert lifecycle.after(state, verb) == expected


def test_the_buttons_are_those_of_an_administrator():
    assert {state.value: [step.verb.value for step in lifecycle.possible(state)] for state in State} == {
        "requested": ["approve", "revoke"],
        "invited": ["resend", "edit", "revoke"],
        "expired": ["resend", "revoke"],
        "active": ["edit", "suspend", "revoke"],
        "suspended": ["edit", "suspend", "reactivate", "revoke"],
        "revoked": [],
    }
