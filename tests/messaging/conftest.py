"""Messaging on its bench: caught delivery, and the people of the story."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from chassis.actor import SYSTEM, Actor
from chassis.testing import Bench
from events.employers import CompanyRegistered, EstablishmentRegistered, HabilitationGranted
from events.fact import Sealed
from events.identity import AccountActivated, CodeIssued, LinkIssued
from events.members import PersonRegistered, RightsChanged, RightsOpened
from services.messaging.app import SERVICE

SIREN, SIRET = "123456782", "12345678200010"
DOMINIQUE = uuid.UUID("01900000-0000-7000-8000-00000000000d")
NADIA = uuid.UUID("01900000-0000-7000-8000-0000000000a1")
RIGHTS = uuid.UUID("01900000-0000-7000-8000-0000000000b1")


@pytest.fixture(scope="session")
def bench(make_bench):
    return make_bench(SERVICE, delivery="caught")


@pytest.fixture(autouse=True)
def empty(request):
    yield
    if "bench" in request.fixturenames:
        request.getfixturevalue("bench").empty()


class Post:
    """What people of the tests do and receive."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.edge = {"Affilia-Edge": bench.running.settings.keys.edge_secret}

    def box(self, **query) -> list[dict]:
        """What the demo caught, newest first."""
        answer = self.bench.anonymous().get("/_/caught", headers=self.edge, query_string=query)
        assert answer.status_code == 200, answer.json
        return answer.json["items"]

    def states(self) -> list[tuple[str, str]]:
        """Template and state of every notice, in the order they were written."""
        with self.bench.running.begin(SYSTEM).session as session:
            return [tuple(row) for row in session.execute(text("SELECT template, state FROM notice ORDER BY id"))]

    def attempts(self) -> list[tuple[str, str | None]]:
        with self.bench.running.begin(SYSTEM).session as session:
            return [tuple(row) for row in session.execute(text("SELECT outcome, reason FROM attempt ORDER BY id"))]


@pytest.fixture
def post(bench):
    return Post(bench)


def member() -> Actor:
    return Actor(kind="member", brand="hcr", space="assure", account_id=uuid.uuid4(), reference=f"person:{DOMINIQUE}")


def employer(account=NADIA, **grants) -> Actor:
    return Actor(
        kind="employer", brand="hcr", space="entreprise", account_id=account, reference=f"account:{account}",
        grants=grants or {SIREN: "administrator"},
    )  # fmt: skip


def code(channel="email", to="claire.martin@exemple.fr", purpose="second_factor", minutes=10, digits="482913", kind="member", **more):
    return CodeIssued(
        code_id=uuid.uuid4(), purpose=purpose, kind=kind, channel=channel, to=Sealed(to), code=Sealed(digits),
        expires_at=datetime.now(UTC) + timedelta(minutes=minutes), **more,
    )  # fmt: skip


def link(channel="email", to="dominique.essai@exemple.fr", token="jeton-d-essai-0001", **more):
    return LinkIssued(
        link_id=uuid.uuid4(), affiliation_id=uuid.uuid4(), channel=channel, to=Sealed(to), token=Sealed(token),
        first_name=Sealed("Dominique"), last_name=Sealed("ESSAI"), establishment_name="RESTAURANT FICTIF",
        expires_at=datetime.now(UTC) + timedelta(days=30), **more,
    )  # fmt: skip


def dominique(email="dominique.essai@exemple.fr"):
    return PersonRegistered(
        person_id=DOMINIQUE, first_name=Sealed("Dominique"), last_name=Sealed("ESSAI"), email=Sealed(email) if email else None
    )


def activated(account=NADIA, kind="employer", reference=f"company:{SIREN}", first_name="Nadia", email="nadia.petit@exemple.fr"):
    return AccountActivated(
        account_id=account, kind=kind, activation_id=uuid.uuid4(), reference=reference, first_name=Sealed(first_name),
        last_name=Sealed("PETIT"), email=Sealed(email),
    )  # fmt: skip


def company():
    return (
        CompanyRegistered(siren=SIREN, company_name="SOCIETE FICTIVE", insurer="klesia"),
        EstablishmentRegistered(siret=SIRET, siren=SIREN, establishment_name="RESTAURANT FICTIF"),
    )


def nadia_reads(account=NADIA):
    return HabilitationGranted(account_id=account, siren=SIREN, role="administrator")


def opened():
    return RightsOpened(
        rights_id=RIGHTS, person_id=DOMINIQUE, affiliation_id=uuid.uuid4(), siren=SIREN, siret=SIRET,
        contract_label="BASE CCN HCR NC SEUL RG", starts_on=date(2026, 2, 1),
    )  # fmt: skip


def changed(status="portability_pending", reason="Rupture conventionnelle du contrat de travail.", **more):
    more = {"source": "dsn"} | more
    return RightsChanged(rights_id=RIGHTS, person_id=DOMINIQUE, siren=SIREN, siret=SIRET, status=status, reason=reason, **more)
