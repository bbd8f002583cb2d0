"""Who plays in the stories of the affiliation: Hélène at Fictive, Victor at Voisine, and the employees they declare."""

import uuid
from datetime import date
from typing import Any

from chassis.actor import Actor
from chassis.ids import uuid7
from chassis.testing import Bench, Client
from events.documents import Received, Released
from events.employers import EstablishmentRegistered
from events.members import ContractOpened
from identifiers import invented

FICTIVE, RESTAURANT = "123456782", "12345678200010"
VOISINE, BISTROT = invented.siren("voisine"), invented.siret("voisine")
CONTRACT = "SANTE-EX-0001"
TODAY = date(2026, 2, 2)

HELENE = Actor(kind="employer", brand="hcr", space="entreprise", account_id=uuid.UUID(int=1), grants={FICTIVE: "administrator"})
VICTOR = Actor(kind="employer", brand="hcr", space="entreprise", account_id=uuid.UUID(int=2), grants={VOISINE: "user"})
CASEY = Actor(kind="caseworker", brand="hcr", space="conseil", account_id=uuid.UUID(int=3), grants={"platform": "read"})

DOMINIQUE = {
    "siret": RESTAURANT,
    "contract_reference": CONTRACT,
    "professional_status": "Non cadre",
    "starts_on": "2026-02-01",
    "first_name": "Dominique",
    "last_name": "ESSAI",
    "birth_on": "1980-04-04",
    "email": "dominique@exemple.fr",
}
CHARLIE = DOMINIQUE | {
    "first_name": "Charlie",
    "last_name": "FAUX",
    "birth_on": None,
    "email": None,
    "address": "1 rue du Port\n29000 QUIMPER",
}
NIR_OF_DOMINIQUE = "280047599900531"
FORM = {"nir": NIR_OF_DOMINIQUE, "iban": invented.iban("dominique"), "address": "2 rue des Halles\n75001 PARIS"}
SPOUSE = {"kinship": "spouse", "first_name": "Camille", "last_name": "ESSAI", "birth_on": "1979-01-31"}
CHILD = {"kinship": "child", "first_name": "Noa", "last_name": "ESSAI", "birth_on": "2019-09-09"}


def applicant(affiliation_id: object) -> Actor:
    """Whoever came in by the link of this affiliation."""
    return Actor(kind="applicant", brand="hcr", space="assure", account_id=uuid7(), reference=f"affiliation:{affiliation_id}")


def establishment(siren: str = FICTIVE, siret: str = RESTAURANT, name: str = "RESTAURANT FICTIF") -> EstablishmentRegistered:
    return EstablishmentRegistered(siren=siren, siret=siret, establishment_name=name)


def contract(siren: str = FICTIVE, label: str = "BASE CCN HCR NC SEUL RG", reference: str = CONTRACT) -> ContractOpened:
    return ContractOpened(contract_id=uuid7(), reference=reference, siren=siren, label=label, starts_on=date(2018, 1, 1))


def received(affiliation_id: object, kind: str, document_id: uuid.UUID | None = None) -> Received:
    named = {"document_id": document_id or uuid7(), "owner": f"affiliation:{affiliation_id}", "kind": kind}
    return Received(**named, media_type="application/pdf", size=9, sha256="00")


def released(affiliation_id: object, kind: str, document_id: uuid.UUID | None = None) -> Released:
    return Released(document_id=document_id or uuid7(), owner=f"affiliation:{affiliation_id}", kind=kind)


class House:
    """The service with its two companies, and short ways to act on it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.tell(establishment(), contract(), establishment(VOISINE, BISTROT, "BISTROT VOISIN"), contract(VOISINE, "CADRES", "VOISINE-1"))

    def as_(self, actor: Actor, on: date = TODAY) -> Client:
        return self.bench.as_(actor, on=on)

    def declared(self, declaration: dict[str, Any] = DOMINIQUE) -> str:
        """Hélène pre-affiliates somebody; returns the affiliation's id."""
        answer = self.as_(HELENE).post("/affiliations", json=declaration)
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    def started(self, declaration: dict[str, Any] = DOMINIQUE) -> tuple[str, Client]:
        """The employee followed the link and started; returns the id and the client."""
        affiliation_id = self.declared(declaration)
        client = self.as_(applicant(affiliation_id))
        assert client.post("/journey/start").status_code == 200
        return affiliation_id, client

    def ready(self) -> tuple[str, Client]:
        """Dominique, alone, has filled the form in and both pieces are released."""
        affiliation_id, client = self.started()
        assert client.put("/journey/draft", json=FORM).status_code == 200
        self.bench.tell(released(affiliation_id, "rib"), released(affiliation_id, "attestation_droits"))
        return affiliation_id, client
