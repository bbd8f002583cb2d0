"""What a member reads: rights, contracts, beneficiaries and the card (S0:156-188)."""

from typing import Any

from flask import Response

from chassis import http
from services.members.actions import people
from services.members.adapters import card_pdf
from services.members.models import Person
from services.members.queries import accesses, member
from services.members.rules.card import Card
from services.members.schemas import AccessesQuery, CardAnswer, ContactBody, MyAccesses, MyBeneficiaries, MyContact, MyContracts, MyRights

door = http.Door("me", __name__, url_prefix="/me", audience=("member",), description="Espace assuré")
FILE = {"type": "string", "format": "binary"}


@door.get("/rights")
@door.response(200, MyRights, description="Les droits, du plus récent au plus ancien")
def list_rights() -> dict[str, Any]:
    """Consulter mes droits"""
    return member.my_rights(http.work())


@door.get("/contracts")
@door.response(200, MyContracts, description="Les contrats et leurs garanties")
def list_contracts() -> dict[str, Any]:
    """Consulter mes contrats"""
    return member.my_contracts(http.work())


@door.get("/beneficiaries")
@door.response(200, MyBeneficiaries, description="L'assuré, puis ses ayants droit")
def list_beneficiaries() -> dict[str, Any]:
    """Consulter mes bénéficiaires"""
    return member.my_beneficiaries(http.work())


@door.get("/card")
@door.response(200, CardAnswer, description="La carte du jour")
def show_card() -> Card:
    """Consulter ma carte de tiers payant"""
    return member.my_card(http.work())


@door.get("/card.pdf")
@door.response(200, FILE, content_type=card_pdf.MEDIA_TYPE, description="La carte à imprimer")
def download_card() -> Response:
    """Télécharger ma carte de tiers payant, avec son DataMatrix"""
    work = http.work()
    card = member.my_card(work)
    work.audit("card.downloaded", f"member:{card.block.member_number}")
    answer = Response(card_pdf.draw(card, work.brands[card.brand].identity), content_type=card_pdf.MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=card_pdf.file_name(card))
    return answer


@door.get("/accesses")
@door.arguments(AccessesQuery, location="query")
@door.response(200, MyAccesses, description="Les consultations, de la plus récente à la plus ancienne")
def list_accesses(page: dict[str, Any]) -> dict[str, Any]:
    """Qui a consulté mon dossier"""
    return accesses.my_accesses(http.work(), **page)


@door.get("/contact")
@door.response(200, MyContact, description="Le téléphone fixe et l'adresse postale")
def show_contact() -> dict[str, Any]:
    """Consulter mon téléphone fixe et mon adresse postale"""
    return member.my_contact(http.work())


@door.put("/contact")
@door.arguments(ContactBody)
@door.response(200, MyContact, description="Le téléphone fixe et l'adresse postale, tels qu'ils sont gardés")
def move(form: dict[str, Any]) -> Person:
    """Changer mon téléphone fixe et mon adresse postale"""
    return people.move(http.work(), **form)
