"""What browsers are called."""

from functools import lru_cache

import ua_parser

from chassis.labels import _

LONGEST_AGENT = 400
"""A browser says who it is in fewer characters; the rest is not read."""


@lru_cache(maxsize=1_000)
def browser_name(agent: str) -> str:
    """What people call a browser, from what it says of itself: « Firefox sur Windows »; empty when that says nothing."""
    found = ua_parser.parse(agent[:LONGEST_AGENT])
    browser = found.user_agent.family.removeprefix("Mobile ") if found.user_agent else ""
    system = found.os.family if found.os else ""
    return _("{browser} sur {system}").format(browser=browser, system=system) if browser and system else browser or system
