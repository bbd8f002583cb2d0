"""What a signed-in member finds under « Mes services », in any brand: the steps that several journeys share."""

from typing import Any

from affilia.story.world import Visitor

CARE = "/api/members/me/care"
SERVICES = "/api/members/me/services"


def located(member: Visitor, specialty: str) -> dict[str, Any]:
    """Completed, found by postcode, by town and by position: the same people, the nearest first (S0:218-219, S4:316)."""
    towns = member.get(f"{CARE}/towns?starts=villeurb")["items"]
    assert towns == [{"insee": "69266", "name": "Villeurbanne", "postcodes": ["69100"]}]
    here = member.get(f"{CARE}/professionals?specialty={specialty}&postcode=69100")
    by_town = member.get(f"{CARE}/professionals?specialty={specialty}&town=Villeurbanne")
    around = {"specialty": specialty, "lat": 45.7667, "lon": 4.8803}
    assert ids(by_town) == ids(here)
    assert set(ids(member.post(f"{CARE}/professionals/around", around, expect=200))) == set(ids(here))
    assert here["items"][0]["postcode"] == "69100"
    lost = member.get(f"{CARE}/professionals?specialty={specialty}&postcode=00000", expect=422)
    assert lost["errors"] == [{"field": "postcode", "message": "Ce code postal n'est pas connu."}]
    return dict(here)


def ids(page: dict[str, Any]) -> list[str]:
    return [line["id"] for line in page["items"]]


def services(member: Visitor) -> dict[str, dict[str, Any]]:
    """Each service by its key, with its family's label."""
    families = member.get(SERVICES)["families"]
    return {line["key"]: line | {"family": family["label"]} for family in families for line in family["services"]}
