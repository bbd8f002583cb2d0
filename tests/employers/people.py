"""Who appears in the stories of employers, and the acts they repeat."""

from typing import Any
from uuid import UUID, uuid4

from chassis.actor import Actor
from chassis.ids import uuid7
from chassis.testing import Bench, Client
from events.employers import ActivationRequested
from events.fact import Sealed
from events.identity import AccountActivated
from identifiers import invented

SIREN, SIRET = "123456782", "12345678200010"
OTHER_SIREN = invented.siren("ailleurs")
OTHER_SIRET = invented.siret("ailleurs")
COMPANY = {
    "siren": SIREN,
    "name": "SOCIETE FICTIVE",
    "insurer": "klesia",
    "identifier": "HCR-123456",
    "contact_email": "compta@fictive.example",
}
OTHER = {**COMPANY, "siren": OTHER_SIREN, "name": "AUTRE MAISON", "identifier": "HCR-999999"}
LUCIE = {"first_name": "Lucie", "last_name": "MARTIN", "email": "lucie@fictive.example", "phone": "06 39 98 00 00"}
PAIR = {"siret": SIRET, "identifier": "HCR-123456", **LUCIE}

NADIA = Actor(kind="caseworker", brand="hcr", space="conseil", account_id=uuid4(), reference="account:nadia", grants={"platform": "handle"})
YVES = Actor(kind="caseworker", brand="hcr", space="conseil", account_id=uuid4(), reference="account:yves", grants={"platform": "read"})


def employer(siren: str = SIREN, role: str = "administrator", account_id: UUID | None = None) -> Actor:
    """An employer's signed identity, with one habilitation."""
    account = account_id or uuid4()
    return Actor(kind="employer", brand="hcr", space="entreprise", account_id=account, reference=f"account:{account}", grants={siren: role})


def register(bench: Bench, company: dict[str, Any] = COMPANY, siret: str = SIRET) -> None:
    """Nadia registers a company and one establishment."""
    desk = bench.as_(NADIA)
    assert desk.post("/companies", json=company).status_code == 201
    assert desk.post(f"/companies/{company['siren']}/establishments", json={"siret": siret, "name": "RESTAURANT FICTIF"}).status_code == 201


def visitor(bench: Bench, address: str = "192.0.2.1", brand: str = "hcr") -> Client:
    return bench.anonymous(brand, "entreprise", address)


def asked(bench: Bench, address: str = "192.0.2.1", **changes: str) -> list[ActivationRequested]:
    """Somebody asks for an activation, the worker resolves it; returns all that identity was ever asked."""
    answer = visitor(bench, address).post("/activations", json={**PAIR, **changes})
    assert answer.status_code == 202, answer.json
    bench.work()
    return bench.told(ActivationRequested)


def activated(activation_id: UUID, siren: str = SIREN, account_id: UUID | None = None, kind: str = "employer") -> AccountActivated:
    """What identity tells once the code is proven and the password chosen."""
    return AccountActivated(
        account_id=account_id or uuid7(),
        kind=kind,  # type: ignore[arg-type]
        activation_id=activation_id,
        reference=f"company:{siren}",
        first_name=Sealed("Lucie"),
        last_name=Sealed("MARTIN"),
        email=Sealed("lucie@fictive.example"),
    )
