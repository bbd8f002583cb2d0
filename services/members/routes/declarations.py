"""Receipts of payroll declarations: for caseworkers and employers, and behind the edge's secret for the producers at its door."""

import hmac
import uuid
from typing import Any

from flask import current_app, request

from chassis import http, problems
from chassis.actor import SYSTEM
from services.members.queries import declarations
from services.members.schemas.declarations import (
    DeclarationDetail,
    DeclarationQuery,
    DeclarationReceipts,
    DeclarationsQuery,
    Receipts,
    ReceiptsBody,
)

EDGE_HEADER = "Affilia-Edge"

door = http.Door("declarations", __name__, audience=("caseworker", "employer"), description="Reçus des déclarations de paie")
inside = http.Door("receipts", __name__, audience=(http.EVERYONE,), url_prefix="/_")


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


@inside.before_request
def _for_the_edge_alone() -> None:
    """Whoever does not hold the edge's secret finds nothing here; the edge acts as the platform itself."""
    secret = current_app.running.settings.keys.edge_secret  # type: ignore[attr-defined]
    shown = request.headers.get(EDGE_HEADER, "")
    if not secret or not hmac.compare_digest(secret.encode(), shown.encode()):
        raise problems.NotFound
    work = http.work()
    work.actor = work.session.actor = SYSTEM


@inside.post("/receipts")
@inside.arguments(ReceiptsBody)
@inside.response(200, Receipts, description="Ce que sont devenus les faits connus")
def tell_receipts(asked: dict[str, Any]) -> dict[str, Any]:
    """Dire à un producteur ce que sont devenus ses faits"""
    return declarations.receipts(http.work(), asked["ids"], asked["sirens"])
