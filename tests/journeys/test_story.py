"""The story, told once from end to end, then what must hold whatever the order of its declarations."""

import random

import pytest

from affilia.story import Cast, Story, activation, affiliation, export, papers, pre_affiliation, prologue, tell
from affilia.story.payroll import publish
from tests.journeys.houses import House

pytestmark = pytest.mark.timeout(600)

SETTLED = {
    "ESSAI": ("portability_pending", "2026-06-28", 5),
    "FAUX": ("active", None, None),
    "MAQUETTE": ("active", None, None),
}
"""Where the five declarations of the lot leave everybody: 043 replaced, 088 cancelled, a maintained cover."""


def test_from_the_employers_first_sign_in_to_a_dsn_that_closes_rights(house: House):
    """S0:64-96, S0:106-118, S0:162-172, S1:57-58, S1:80-90, S1:106-110, S1:200-249, S1:299, S1:306-314."""
    story = house.story(Cast.invented("journey"))
    sentences: list[str] = []
    story.say = sentences.append
    tell(story)
    assert story.state() == SETTLED
    assert [sentence[0] for sentence in sentences if sentence[0].isdigit()] == list("123456")


def opened(house: House, seed: str) -> Story:
    """A company whose three employees have open rights, before any declaration."""
    story = house.story(Cast.invented(seed))
    for chapter in (prologue, activation, pre_affiliation, affiliation, export):
        chapter(story)
    return story


@pytest.mark.slow
def test_the_whole_lot_at_once_then_twice_ends_in_the_same_state(house: House):
    story = opened(house, "atonce")
    for _ in range(2):
        publish(story, papers.lot(story.cast))
        house.quiet()
        story.settled(SETTLED)


@pytest.mark.slow
def test_the_declarations_in_any_order_end_in_the_same_state(house: House):
    story = opened(house, "shuffled")
    declarations = papers.declarations(story.cast)
    random.Random(7).shuffle(declarations)
    for declaration in [*declarations, declarations[0]]:
        publish(story, declaration)
    house.quiet()
    story.settled(SETTLED)
