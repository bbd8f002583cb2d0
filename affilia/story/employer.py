"""What the administrator and the employer do: the company, its space, the pre-affiliations, the Excel file."""

import io
from typing import Any

from openpyxl import load_workbook

from affilia.story.cast import COMPANY, PASSWORD, Employee
from affilia.story.story import Story
from affilia.story.world import Credentials, Unexpected, eventually

EXPORT_COLUMNS = (
    "Etablissement",
    "Statut professionnel",
    "Contrat",
    "NNI",
    "Nom",
    "Prénom",
    "Date de naissance",
    "Date d'effet",
    "Date de fin",
    "Conjoint Assuré",
)
"""S1:299, word for word."""

GUARANTEES = [
    {"domain": "MED", "label": "Consultations", "level": "100 % BR"},
    {"domain": "PHAR", "label": "Pharmacie", "level": "100 % BR"},
    {"domain": "HOSP", "label": "Hospitalisation", "level": "200 % BR"},
    {"domain": "OPTI", "label": "Optique", "level": "100 % santé + 150 €"},
    {"domain": "DENT", "label": "Dentaire", "level": "125 % BR"},
]
PLANS = [
    {"label": "Base", "description": "Le socle du régime : le salarié seul."},
    {"label": "Famille", "description": "Le salarié, son conjoint et ses enfants à charge."},
]
CONTRIBUTIONS = [
    {"plan": "Base", "amount": "28,00 € par mois", "employer_share": "la moitié, 14,00 €", "employee_share": "la moitié, 14,00 €"},
    {"plan": "Famille", "amount": "72,00 € par mois", "employer_share": "14,00 €", "employee_share": "le reste, 58,00 €"},
]
INSURERS = {
    "klesia": "KLESIA",
    "malakoff_humanis": "MALAKOFF HUMANIS",
    "harmonie_mutuelle": "HARMONIE MUTUELLE",
    "assisteur": "MON ASSISTANCE",
}
"""What people read of each insurer."""
CARD = {"amc_number": "0099999999", "convention_type": "SP", "csr": "HCR", "responsible": True}


def prologue(story: Story) -> None:
    """A caseworker registers the company, its establishments and its contract."""
    story.say("Prologue — la gestionnaire enregistre l'entreprise, ses établissements et son contrat")
    cast, desk = story.cast, story.at_the_desk()
    company = {"siren": cast.siren, "name": COMPANY, "insurer": cast.insurer, "identifier": cast.identifier, "emits_dsn": cast.emits_dsn}
    company |= {"contact_email": cast.contact_email, "brand": story.world.brand}
    desk.post("/api/employers/companies", company)
    for siret, name in ((cast.head_office, COMPANY), (cast.restaurant, "RESTAURANT FICTIF")):
        desk.post(f"/api/employers/companies/{cast.siren}/establishments", {"siret": siret, "name": name})
    contract: dict[str, Any] = {
        "siren": cast.siren,
        "reference": cast.contract,
        "insurer_code": "P9999",
        "label": cast.product,
        "brand": story.world.brand,
    }
    contract |= {
        "population": "NC",
        "populations": ["Salariés non cadres"],
        "starts_on": "2018-01-01",
        "insurer_name": INSURERS[cast.insurer],
    }
    contract |= {"plans": PLANS, "contributions": [told | {"starts_on": "2026-01-01"} for told in CONTRIBUTIONS]}
    desk.post("/api/members/contracts", contract | {"guarantees": GUARANTEES, "card": CARD})


def activation(story: Story) -> None:
    """SIRET and identifier, her data, a code to the contact on file, a password, the terms (S1:57-90)."""
    story.say("1. L'employeur active son espace : SIRET + identifiant entreprise (S1:57-90)")
    cast, visitor, seen = story.cast, story.world.visitor("entreprise"), story.world.last_message()
    form = {"siret": cast.restaurant, "identifier": cast.identifier, **cast.employer}
    asked = visitor.post("/api/employers/activations", form, expect=202)
    code = story.world.caught(cast.contact_email, "email", after=seen)["code"]
    story.say("   un code est parvenu au contact connu de l'entreprise, et à lui seul")
    story.open_account(visitor, asked["activation_id"], code)
    story.employer = visitor
    visitor.sign_in(Credentials(cast.employer["email"], PASSWORD), phone=cast.employer["phone"])
    eventually(lambda: visitor.get("/api/employers/companies")["items"], "the company in the employer's space")
    story.say("   Lucie est administratrice de son entreprise")


def pre_affiliation(story: Story) -> None:
    """One employee by letter, the others by e-mail (S1:200-218), and the follow-up (S1:238)."""
    story.say("2. Elle pré-affilie ses salariés (S1:200-218) et suit leur parcours (S1:238-249)")
    offers = eventually(lambda: offered(story), "the contract among the offers")
    story.say(f"   contrat proposé : {offers[0]['contracts'][0]['label']}")
    for employee in (story.cast.dominique, story.cast.charlie, story.cast.andrea):
        declare(story, employee)
    for row in story.employer.get("/api/affiliation/affiliations")["items"]:
        story.say(f"   {row['employee']} · {row['medium_label']} · {row['status_label']} · {row['date_label']}")
    letter = story.world.caught(story.cast.charlie.last_name, "post")
    if not story.world.file(letter["pdf"]).startswith(b"%PDF"):
        raise Unexpected("the letter is not a PDF")
    story.say("   Charlie, sans e-mail, reçoit une lettre avec un code à usage unique et un QR code")


def offered(story: Story) -> list[dict[str, Any]]:
    """The companies whose contract and two places affiliation has heard of."""
    offers = story.employer.get("/api/affiliation/offers")["items"]
    return [offer for offer in offers if offer["contracts"] and len(offer["establishments"]) == 2]


def declare(story: Story, employee: Employee) -> None:
    """One newcomer of the restaurant (S1:206)."""
    form = {
        "siret": story.cast.restaurant,
        "contract_reference": story.cast.contract,
        "professional_status": "ACTIF NON CADRE",
        "starts_on": employee.hired_on.isoformat(),
        "first_name": employee.first_name,
        "last_name": employee.last_name,
        "birth_on": employee.birth_on.isoformat(),
        "address": employee.address,
    }
    created = story.employer.post("/api/affiliation/affiliations", form | ({"email": employee.email} if employee.email else {}))
    story.affiliations[employee.last_name] = created["id"]


def export(story: Story) -> None:
    """The affiliated employees, and the Excel file of one establishment and of all (S1:251-306)."""
    story.say("5. L'employeur retrouve ses salariés affiliés et télécharge le fichier Excel (S1:299)")
    eventually(lambda: len(story.employees()) == 3, "three affiliated employees")
    for query in ("", f"?siret={story.cast.restaurant}"):
        rows = workbook(story, query)
        if rows[0] != EXPORT_COLUMNS or len(rows) != 4:
            raise Unexpected(f"the export says {rows}")
    story.say("   3 salariés, dix colonnes, NNI en texte")


def workbook(story: Story, query: str = "") -> list[tuple[Any, ...]]:
    """The rows of the export."""
    content = story.employer.download(f"/api/members/employees/export.xlsx{query}")
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]
