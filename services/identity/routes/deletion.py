"""« Supprimer votre compte » (S2:30): what would stay, then the deletion and its receipt."""

from typing import Any

from chassis import http
from services.identity.actions import deletion
from services.identity.schemas.deletion import DeletionForm, ReceiptAnswer

door = http.Door("deletion", __name__, audience=("member", "employer"), description="Supprimer mon compte")


@door.get("/account/deletion")
@door.response(200, ReceiptAnswer)
def foresee() -> deletion.Receipt:
    """Ce qui serait effacé et ce qui resterait, jusqu'à quand et selon quel texte"""
    return deletion.foresee(http.work())


@door.post("/account/deletion")
@door.arguments(DeletionForm)
@door.response(200, ReceiptAnswer)
@door.sensitive
def delete(form: dict[str, Any]) -> deletion.Receipt:
    """Supprimer mon compte, avec un reçu"""
    return deletion.delete_own(http.work(), form["password"])
