"""The demo's people, planted through the front door: the story as far as its payroll chapter."""

from collections.abc import Callable
from datetime import date

from affilia.story import CHAPTERS, Cast, Credentials, Story, World, export

ON = date(2026, 6, 15)
"""The civil date the seed lives on: before the declarations of the sample lot."""


def plant(base: str, caseworker: Credentials, feed_token: str, say: Callable[[str], None] = lambda sentence: None) -> Cast:
    """Play the story up to its payroll chapter; returns the cast, whose people can sign in from now on."""
    cast = Cast.of_the_sample()
    story = Story(World(base, on=ON), cast, caseworker, feed_token, say)
    for chapter in CHAPTERS[: CHAPTERS.index(export)]:
        chapter(story)
    return cast
