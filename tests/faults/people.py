"""Whom a campaign needs: a company whose employer is signed in, ready to pre-affiliate."""

from affilia.story import Cast, Credentials, Story, World, activation, prologue
from affilia.story.world import eventually


def employer(base: str, caseworker: Credentials) -> Story:
    """Lucie in her space, her company's contract on offer."""
    story = Story(World(base), Cast.invented("faults"), caseworker, feed_token="")
    prologue(story)
    activation(story)
    eventually(lambda: _offered(story), "the contract among the offers", patience=60)
    return story


def _offered(story: Story) -> bool:
    offers = story.employer.get("/api/affiliation/offers")["items"]
    return any(offer["contracts"] and len(offer["establishments"]) == 2 for offer in offers)
