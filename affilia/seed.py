"""The demo's people and its document base, planted through the front door: the story as far as its payroll chapter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from affilia import library
from affilia.installation import BRANDS
from affilia.story import CHAPTERS, Cast, Credentials, Story, World, activation, export, member_space, newcomer, prologue, reimbursed

ON = date(2026, 6, 15)
"""The civil date the seed lives on: before the declarations of the sample lot."""


def plant(base: str, caseworker: Credentials, feed_token: str, say: Callable[[str], None] = lambda sentence: None) -> list[Cast]:
    """Play the story up to its payroll chapter, then the shorter one of another brand; returns the casts, whose people can sign in."""
    story = Story(World(base, on=ON), Cast.of_the_sample(), caseworker, feed_token, say)
    for chapter in CHAPTERS[: CHAPTERS.index(export)]:
        chapter(story)
    published = library.publish(story.at_the_desk(), library.sources(BRANDS, story.world.brand))
    say(f"La base documentaire : {len(published)} documents publiés (S1:363-385)")
    elsewhere = replace(
        story, world=World(base, brand="harmonie", on=ON), cast=Cast.of_harmonie(), affiliations={}, say=lambda sentence: None
    )
    say("Et chez Harmonie & Moi, Fatima ouvre le sien (S4:34)")
    for chapter in (prologue, activation, newcomer, member_space, reimbursed):
        chapter(elsewhere)
    return [story.cast, elsewhere.cast]
