"""« Une copie de mes données » (RGPD art. 15 et 20): asked with a second factor, prepared apart, ready for a week."""

from typing import Any

from chassis import http
from services.identity import queries
from services.identity.actions import copies
from services.identity.schemas.copies import CopiesAnswer, CopyLine

door = http.Door("copies", __name__, audience=("member", "employer"), description="Une copie de mes données")


@door.get("/copies")
@door.response(200, CopiesAnswer)
def list_copies() -> dict[str, Any]:
    """Les copies que j'ai demandées, et où elles en sont"""
    return queries.copies(http.work())


@door.post("/copies")
@door.creating
@door.response(202, CopyLine)
@door.sensitive
def ask() -> dict[str, Any]:
    """Demander une copie de toutes mes données : un message dit quand elle est prête"""
    work = http.work()
    return queries.copy_line(work, copies.ask(work))
