"""Lucie writes to the platform, is answered, and finds the documents she needs, on the real platform (S1:321-342, S1:363-385)."""

import hashlib
from uuid import uuid4

from affilia import library
from affilia.installation import BRANDS
from affilia.story import Cast, activation, papers, pre_affiliation, prologue
from affilia.story.story import Story
from affilia.story.world import Unexpected, eventually
from tests.journeys.houses import House

THREADS, BASE = "/api/messaging/threads", "/api/documents/library"
MOTIVES = {
    "Gérer mon contrat": [
        "Information sur les cotisations",
        "Intégration d'une nouvelle entreprise à mon périmètre de gestion",
        "Autre demande",
    ],
    "Gérer mes salariés": ["Affiliation d'un salarié", "Radiation d'un salarié", "Transmettre des documents pour mon salarié"],
}
SHELF = {
    "Documents utiles salariés": ["Mandat SEPA", "Email d'affiliation"],
    "Guides pratiques": ["Guide utilisateur Espace Entreprise", "Guide utilisateur Espace Assuré", "Guide pratique Assurés"],
}


def opened(house: House, seed: str) -> Story:
    story = house.story(Cast.invented(seed))
    for chapter in (prologue, activation, pre_affiliation):
        chapter(story)
    return story


def test_lucie_writes_with_six_documents_about_dominique_and_is_answered(house: House):
    """S1:321-342: the motives word for word, what does it at once, six documents, an answer announced by e-mail."""
    story = opened(house, "contact")
    lucie, desk = story.employer, story.at_the_desk()
    groups = lucie.get("/api/messaging/motifs")["items"]
    assert {group["group"]: [motif["label"] for motif in group["motifs"]] for group in groups} == MOTIVES
    [limits] = [one for one in lucie.get("/api/documents/uploads")["items"] if one["channel"] == "employer_message"]
    assert (limits["max_files"], limits["types"]) == (6, ["application/pdf", "image/jpeg", "image/png"])
    six = [lucie.upload("piece_jointe", f"page-{page}.pdf", papers.pdf(f"Page {page}"))["id"] for page in range(6)]
    question = {"motif": "documents_salarie", "object": "Pièces de Dominique", "text": "Bonjour, voici ses pièces."}
    question |= {"employee": story.affiliations["ESSAI"]}
    for documents in ([*six, str(uuid4())], [str(uuid4())]):
        refused = lucie.post(THREADS, question | {"documents": documents}, expect=422)
        assert refused["errors"][0]["field"] == "documents"
    thread = eventually(lambda: written(story, question | {"documents": six}), "the documents to be known")
    assert (thread["employee"], len(thread["messages"][0]["documents"])) == ("Dominique ESSAI", 6)
    assert thread["promise"].startswith("Réponse attendue au plus tard le ")
    seen = story.world.last_message()
    assert desk.get(f"{THREADS}/{thread['id']}")["employee"] == "Dominique ESSAI"
    eventually(lambda: all(desk.get(f"/api/documents/files/{one}")["state"] == "released" for one in six), "the scan")
    assert desk.download(f"/api/documents/files/{six[0]}/content").startswith(b"%PDF")
    desk.post(f"{THREADS}/{thread['id']}/messages", {"text": "Tout est en ordre, merci."})
    mail = story.world.caught(story.cast.employer["email"], "email", after=seen)
    assert mail["link"].endswith(f"/messages/{thread['id']}")
    assert "en ordre" not in mail["text"]
    assert lucie.get(f"{THREADS}/{thread['id']}")["messages"][-1]["text"] == "Tout est en ordre, merci."


def written(story: Story, question: dict[str, object]) -> dict[str, object] | None:
    """The conversation, once messaging has heard of the documents and of the employee."""
    try:
        return dict(story.employer.post(THREADS, question))
    except Unexpected:
        return None


def test_lucie_downloads_the_documents_of_the_base(house: House):
    """S1:363-385: five documents in two sections, drawn in the brand's words; each version is kept."""
    story = house.story(Cast.invented("base"))
    desk = story.at_the_desk()
    library.publish(desk, library.sources(BRANDS, story.world.brand))
    for chapter in (prologue, activation):
        chapter(story)
    lucie = story.employer
    eventually(lambda: all(item["version"] for item in items(story).values()), "the scan of the base")
    assert {group["group"]: [item["label"] for item in group["items"]] for group in lucie.get(BASE)["items"]} == SHELF
    for item in items(story).values():
        content = lucie.download(f"{BASE}/{item['key']}")
        assert (content[:5], hashlib.sha256(content).hexdigest()) == (b"%PDF-", item["sha256"])
    known = {"headers": {"If-None-Match": f'"{items(story)["mandat_sepa"]["sha256"]}"'}}
    assert lucie.call("GET", f"{BASE}/mandat_sepa", 304, **known) is None
    [found] = [item["key"] for group in lucie.get(f"{BASE}?q=sepa")["items"] for item in group["items"]]
    [version] = desk.get(f"{BASE}/{found}/versions")["items"]
    assert desk.download(f"{BASE}/{found}/versions/{version['id']}") == lucie.download(f"{BASE}/{found}")
    assert (version["version"], version["sha256"]) == (1, items(story)["mandat_sepa"]["sha256"])
    assert library.publish(desk, library.sources(BRANDS, story.world.brand)) == []


def items(story: Story) -> dict[str, dict[str, str]]:
    return {item["key"]: item for group in story.employer.get(BASE)["items"] for item in group["items"]}
