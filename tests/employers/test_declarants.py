"""Third-party declarants (S1:130): accountants are ordinary users, of a thousand companies if need be."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import insert

from chassis.actor import SYSTEM, Actor
from chassis.auth import Signer, Verifier
from chassis.config import Keys
from chassis.testing import Bench, Client
from identifiers import invented
from services.employers.models import Company, Establishment, Habilitation, fingerprint
from tests.employers.people import entitled

MANY = 1_000
HEADER_MAX = 16_000
"""Bytes that nginx gives the header in which an identity travels."""
NAMES = ("Hôtel des Œillets", "Café du Port", "Brasserie L'Étoile", "Traiteur Dupont-Noël")
SIRENS = [invented.siren(f"client-{number}") for number in range(MANY)]


@pytest.fixture
def accountant(bench: Bench) -> Actor:
    """A user of a thousand companies."""
    account = uuid4()
    with bench.running.working(SYSTEM) as work:
        work.session.add_all(company(number) for number in range(MANY))
        work.session.flush()
        work.session.execute(insert(Establishment), [place(siren, work.now) for siren in SIRENS])
        held = [{"account_id": account, "siren": siren, "role": "user", "state": "active", "changed_at": work.now} for siren in SIRENS]
        work.session.execute(insert(Habilitation), [one | {"granted_at": work.now} for one in held])
    return entitled(*((siren, "user") for siren in SIRENS), account_id=account)


def company(number: int) -> Company:
    siren = SIRENS[number]
    return Company(
        siren=siren, brand="hcr", name=f"{NAMES[number % len(NAMES)]} {number}", insurer="klesia", identifier="HCR-1234",
        identifier_fingerprint=fingerprint(siren, "HCR-1234"), contact_email="contact@client.example", emits_dsn=True,
        registered_at=datetime.now(UTC),
    )  # fmt: skip


def place(siren: str, now: object) -> dict[str, object]:
    return {"siret": f"{siren}00010", "siren": siren, "name": "SALLE", "registered_at": now}


def everything(door: Client, query: str) -> list[str]:
    """The SIREN of each company of a list, its pages turned to the end."""
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = door.get(f"/companies?limit=200{query}{after and f'&after={after}'}").json
        seen += [item["siren"] for item in page["items"]]
        after = page["next"]
    return seen


def test_a_thousand_companies_are_listed_page_by_page(bench: Bench, accountant: Actor):
    assert everything(bench.as_(accountant), "") == sorted(SIRENS)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("hotel des oeillets", 250), ("CAFÉ DU", 250), ("brasserie l etoile 2", 28), ("personne", 0), ("éé%_", 0), ("%27", 0)],
)
def test_a_company_is_found_by_the_beginning_of_its_name_whatever_case_and_accents(
    bench: Bench, accountant: Actor, typed: str, number: int
):
    assert len(everything(bench.as_(accountant), f"&search={typed}")) == number


def test_a_company_is_found_by_the_beginning_of_its_siren(bench: Bench, accountant: Actor):
    wanted = SIRENS[0]
    spaced = f"{wanted[:3]} {wanted[3:6]} {wanted[6:]}"
    assert everything(bench.as_(accountant), f"&search={wanted}") == everything(bench.as_(accountant), f"&search={spaced}") == [wanted]
    assert everything(bench.as_(accountant), f"&search={wanted[:2]}") == sorted(siren for siren in SIRENS if siren.startswith(wanted[:2]))


def test_a_search_never_leaves_the_perimeter(bench: Bench, accountant: Actor):
    few = entitled((SIRENS[0], "user"), (SIRENS[4], "user"), account_id=uuid4())
    assert everything(bench.as_(few), "&search=hotel") == sorted([SIRENS[0], SIRENS[4]])


def test_a_thousand_grants_travel_in_one_header(accountant: Actor, keys: Keys):
    assert keys.signing
    told = Signer(keys.signing).sign(accountant, "members")
    assert len(told) < HEADER_MAX
    assert Verifier(keys.jwks, "members").actor(told) == accountant


@pytest.mark.parametrize("number", [0, 1, 49, 50, 51])
def test_grants_are_the_same_deflated_or_not(keys: Keys, number: int):
    assert keys.signing
    actor = entitled(*((siren, ("user", "administrator")[place % 2]) for place, siren in enumerate(SIRENS[:number])), account_id=uuid4())
    assert Verifier(keys.jwks, "members").actor(Signer(keys.signing).sign(actor, "members")) == actor
