"""Receipts of payroll declarations: for caseworkers and employers, and behind the edge's secret for the producers at its door."""

import uuid
from typing import Any

from chassis import http
from chassis.edge import InnerDoor
from services.members.queries import declarations
from services.members.schemas.declarations import (
    DeclarationDetail,
    DeclarationQuery,
    DeclarationReceipts,
    DeclarationsQuery,
    Receipts,
    ReceiptsBody,
)

door = http.Door("declarations", __name__, audience=("caseworker", "employer"), description="Reçus des déclarations de paie")
inside = InnerDoor("receipts", __name__, url_prefix="/_")


@door.get("/declarations")
@door.arguments(DeclarationsQuery, location="query")
@door.response(200, DeclarationReceipts, description="Les déclarations, de la plus récente à la plus ancienne")
def list_declarations(asked: dict[str, Any]) -> dict[str, Any]:
    """Lister les déclarations de paie reçues et ce que leurs faits sont devenus"""
    return declarations.latest(http.work(), asked)


@door.get("/declarations/<uuid:declaration_id>")
@door.arguments(DeclarationQuery, location="query")
@door.response(200, DeclarationDetail, description="La déclaration et une page de ses faits")
def show_declaration(asked: dict[str, Any], declaration_id: uuid.UUID) -> dict[str, Any]:
    """Voir une déclaration de paie, fait par fait"""
    return declarations.one(http.work(), declaration_id, asked)


@inside.post("/receipts")
@inside.arguments(ReceiptsBody)
@inside.response(200, Receipts, description="Ce que sont devenus les faits connus")
def tell_receipts(asked: dict[str, Any]) -> dict[str, Any]:
    """Dire à un producteur ce que sont devenus ses faits"""
    return declarations.receipts(http.work(), asked["ids"], asked["sirens"])
