"""« Localiser un professionnel de santé » and « Mes services », for a member of HCR Bien-Être."""

import pytest

from affilia.story import Cast, Story, activation, member_space, newcomer, prologue
from tests.journeys.houses import House
from tests.journeys.services import CARE, SERVICES, located, services


@pytest.fixture
def story(house: House) -> Story:
    """Dominique is covered and signed in."""
    told = house.story(Cast.invented("services"))
    for chapter in (prologue, activation, newcomer, member_space):
        chapter(told)
    house.quiet()
    return told


def test_dominique_locates_a_dentist_and_reads_what_her_contract_opens(story: Story):
    """S0:214-225, S0:313-320: specialty, postcode or town, partner network; the four families, and why a door stays shut."""
    member = story.member
    labels = [line["label"] for line in member.get(f"{CARE}/specialties")["items"]]
    assert {"Chirurgien-dentiste", "Radiologue", "Médecin généraliste"} <= set(labels), "the guide's three examples (S0:218)"
    found = located(member, "chirurgien-dentiste")
    partners = member.get(f"{CARE}/professionals?specialty=chirurgien-dentiste&postcode=69100&network=true")
    assert 0 < len(partners["items"]) < len(found["items"])
    assert all(line["network"] and line["checked_on"] for line in partners["items"])
    told = services(member)
    assert len({line["family"] for line in told.values()}) == 4
    assert told["reseau_optique"] | {"contract_label": story.cast.product, "open": True} == told["reseau_optique"]
    member.post(f"{SERVICES}/teleconsultation", expect=404)
    story.employer.call("GET", SERVICES, 403)
