"""Put the shelf of a brand into its document base, through the front door, as a caseworker does."""

from affilia.library.shelf import SHELF, draw
from affilia.library.sources import Sources
from affilia.story.world import Visitor

LIBRARY = "/api/documents/library"


def publish(desk: Visitor, brand: Sources) -> list[str]:
    """Publish what the base has no version of yet; returns the keys that were published. ``desk`` is a caseworker who administers."""
    items = [item for group in desk.get(LIBRARY)["items"] for item in group["items"]]
    missing = [item for item in items if item["version"] == 0 and item["key"] in SHELF]
    for item in missing:
        file = (f"{item['label']}.pdf", draw(brand, item["key"]), "application/pdf")
        desk.call("POST", f"{LIBRARY}/{item['key']}", 201, fields={"file": file})
    return [item["key"] for item in missing]
