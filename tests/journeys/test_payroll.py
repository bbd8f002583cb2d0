"""A month of payroll: who is missing from it, whom nobody affiliated, and a contract that covers nobody any more."""

from typing import Any

import pytest

from affilia.story import Cast, Story, activation, affiliation, export, papers, pre_affiliation, prologue
from affilia.story.payroll import publish
from feeds.dsn import writer
from tests.journeys.houses import House

pytestmark = pytest.mark.timeout(600)

SAMPLE = Cast.of_the_sample()


def month(cast: Cast, **changed: str) -> bytes:
    """The sample's month of June, told of the company of the story: Dominique leaves, Charlie and Andréa are not named."""
    people = {SAMPLE.dominique.nir13: cast.dominique.nir13, SAMPLE.contract: cast.contract}
    return writer.with_people(writer.sample(writer.MONTHLY_SAMPLE), siren=cast.siren, replacements=people | changed)


def opened(house: House, seed: str) -> Story:
    story = house.story(Cast.invented(seed))
    for chapter in (prologue, activation, pre_affiliation, affiliation, export):
        chapter(story)
    return story


def stands(story: Story) -> dict[str, tuple[str, Any]]:
    return {line["last_name"]: (line["status"], line["ends_on"]) for line in story.employees()}


def names(answer: dict[str, Any]) -> set[str]:
    return {line["last_name"] for line in answer["items"]}


def test_a_month_updates_rights_by_itself_and_says_who_is_missing(house: House):
    """S1:306-314: nothing is asked of the employer; who is missing is shown and radiated by nobody; a correction is heard."""
    story = opened(house, "month")
    publish(story, month(story.cast))
    house.quiet()
    assert stands(story) == {"ESSAI": ("portability_pending", "2026-06-30"), "FAUX": ("active", None), "MAQUETTE": ("active", None)}
    missing = story.employer.get("/api/members/anomalies")
    assert names(missing) == {"FAUX", "MAQUETTE"}
    assert {line["month"] for line in missing["items"]} == {"2026-06-01"}
    assert {"FAUX", "MAQUETTE"} <= names(story.at_the_desk().get("/api/members/anomalies?limit=200"))
    assert names(story.employer.get("/api/members/waiting-facts")) >= {"DÉMO", "L'EXEMPLE", "SPÉCIMEN"}
    publish(story, papers.declarations(story.cast)[2])  # Charlie leaves: what is known of him closes the anomaly
    house.quiet()
    assert names(story.employer.get("/api/members/anomalies")) == {"MAQUETTE"}
