"""The story of the guides: from an employer's first sign-in to a payroll declaration that closes an employee's rights.

The same chapters seed the demo, are narrated by ``make story`` and are the first journey test: a broken rule breaks all three at once.
"""

from datetime import date

from affilia.story.cast import Cast
from affilia.story.employee import affiliation, member_space, newcomer
from affilia.story.employer import activation, export, pre_affiliation, prologue
from affilia.story.payroll import payroll
from affilia.story.reimbursed import reimbursed
from affilia.story.story import Story, spoken
from affilia.story.world import Credentials, Unexpected, World

CHAPTERS = (prologue, activation, pre_affiliation, affiliation, member_space, reimbursed, export, payroll)
"""In their order: each leans on those before."""


def tell(story: Story) -> None:
    """The whole story, from its day to its last word."""
    since = story.world.last_message()
    story.say(f"L'histoire se passe le {spoken(story.world.on or date.today())}.")
    for chapter in CHAPTERS:
        chapter(story)
    story.say(f"Fin de l'histoire : {story.told(since)} personnes prévenues ; leurs messages : {story.world.base}/_inbox")


__all__ = [  # the chapters are public: seeds and tests play some of them
    "CHAPTERS",
    "Cast",
    "Credentials",
    "Story",
    "Unexpected",
    "World",
    "activation",
    "affiliation",
    "export",
    "member_space",
    "newcomer",
    "payroll",
    "pre_affiliation",
    "prologue",
    "reimbursed",
    "tell",
]
