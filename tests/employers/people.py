"""Who appears in the stories of employers, and the acts they repeat."""

import threading
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from werkzeug.test import TestResponse

from chassis.actor import SYSTEM, Actor
from chassis.ids import uuid7
from chassis.testing import Bench, Client
from events.employers import ActivationRequested
from events.fact import Sealed
from events.identity import AccountActivated
from identifiers import invented
from services.employers import tasks

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


def activated(
    activation_id: UUID,
    siren: str = SIREN,
    account_id: UUID | None = None,
    kind: str = "employer",
    *,
    email: str = "lucie@fictive.example",
    opens: str = "",
    first_name: str = "Lucie",
) -> AccountActivated:
    """What identity tells once the code is proven and the password chosen."""
    return AccountActivated(
        account_id=account_id or uuid7(),
        kind=kind,  # type: ignore[arg-type]
        activation_id=activation_id,
        reference=opens or f"company:{siren}",
        first_name=Sealed(first_name),
        last_name=Sealed("MARTIN"),
        email=Sealed(email),
    )


def entitled(*grants: tuple[str, str], account_id: UUID) -> Actor:
    """An employer's signed identity, with several habilitations."""
    return Actor(
        kind="employer", brand="hcr", space="entreprise", account_id=account_id, reference=f"account:{account_id}", grants=dict(grants)
    )


def administrator(bench: Bench, siret: str = SIRET, account_id: UUID | None = None, **who: str) -> Actor:
    """Somebody activates a registered company with the proof of its contact, and administers it."""
    identifier = COMPANY["identifier"] if siret == SIRET else OTHER["identifier"]
    address = f"198.51.100.{uuid4().int % 250}"
    told = asked(bench, address, siret=siret, identifier=identifier, **who)[-1]
    fact = activated(told.activation_id, siret[:9], account_id, email=told.email.value)
    bench.tell(fact)
    return employer(siret[:9], account_id=fact.account_id)


PAUL = {"first_name": "Paul", "last_name": "ESSAI", "email": "paul@fictive.example"}


def invite(bench: Bench, by: Actor, *grants: tuple[str, str], email: str = PAUL["email"], **more: Any) -> TestResponse:
    """Somebody invites Paul (or Autre, at another address), to companies with a role on each."""
    given = [{"siren": siren, "role": role} | more for siren, role in grants]
    who = PAUL if email == PAUL["email"] else PAUL | {"email": email, "first_name": "Autre"}
    return bench.as_(by).post("/invitations", json=who | {"grants": given})


def follow(bench: Bench, invitation_id: Any, account_id: UUID | None = None, email: str = PAUL["email"]) -> UUID:
    """Paul follows his link: identity tells that his account is open. Returns its id."""
    fact = activated(UUID(str(invitation_id)), account_id=account_id, email=email, opens=f"invitation:{invitation_id}", first_name="Paul")
    bench.tell(fact)
    return fact.account_id


def lines(bench: Bench, of: Actor, query: str = "") -> list[dict[str, Any]]:
    """« Gestion des habilitations », as somebody sees it."""
    answer = bench.as_(of).get(f"/habilitations{query}")
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def line_of(bench: Bench, of: Actor, first_name: str = "Paul", siren: str = SIREN) -> dict[str, Any]:
    """The line of one person on one company."""
    (found,) = (line for line in lines(bench, of) if line["first_name"] == first_name and line["siren"] == siren)
    return found


def problem(answer: TestResponse) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return answer.status_code, answer.json["type"].removeprefix("/problemes/")


def promoted(bench: Bench, by: Actor, whom: Actor) -> Actor:
    """Paul becomes an administrator too."""
    answer = bench.as_(by).put(f"/habilitations/{line_of(bench, by)['id']}", json={"role": "administrator"})
    assert answer.status_code == 200, answer.json
    assert whom.account_id
    return employer(account_id=whom.account_id)


def told_last(bench: Bench, kind: Any) -> Any:
    return bench.told(kind)[-1]


def sql(bench: Bench, statement: str) -> None:
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text(statement))


def tomorrow(bench: Bench) -> None:
    """The worker's tasks, due again."""
    with bench.running.working(SYSTEM) as work:
        while tasks.let_time_pass(work, None):
            work.session.flush()


def at_once(*acts: Any) -> list[Any]:
    """What parallel requests answer."""
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda act=act: answers.append(act())) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
