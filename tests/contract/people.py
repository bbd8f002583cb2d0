"""Two companies that must never see each other, their people, and the caseworker who sees both."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from chassis.actor import Actor
from identifiers import invented

HERE = UUID("a5d3c8f2-7c1e-5a86-9a0e-4b7a1f0f6c11")
SIGNED_IN = ("applicant", "member", "employer", "caseworker")


@dataclass(frozen=True)
class House:
    """A company and the people around it, told apart by ``name``."""

    name: str

    @property
    def siren(self) -> str:
        return invented.siren(self.name)

    @property
    def siret(self) -> str:
        return invented.siret(self.name)

    @property
    def contract_reference(self) -> str:
        return f"SANTE-{self.name.upper()}"

    def id(self, of: str) -> UUID:
        """The same id for the same thing, run after run."""
        return uuid5(HERE, f"{self.name}:{of}")

    def employer(self) -> Actor:
        account = self.id("employer")
        return actor("employer", "entreprise", account, f"account:{account}", {self.siren: "administrator"})

    def colleague(self) -> Actor:
        """A mere user of the company (S1:130)."""
        account = self.id("colleague")
        return actor("employer", "entreprise", account, f"account:{account}", {self.siren: "user"})

    def applicant(self, affiliation_id: UUID) -> Actor:
        return actor("applicant", "assure", self.id("applicant"), f"affiliation:{affiliation_id}")

    def member(self, person_id: UUID) -> Actor:
        return actor("member", "assure", self.id("member"), f"person:{person_id}")


def actor(kind: str, space: str, account: UUID, reference: str, grants: dict[str, str] | None = None) -> Actor:
    """Somebody who signed in with a second factor."""
    return Actor(
        kind=kind,
        brand="hcr",
        space=space,
        account_id=account,
        session_id=uuid5(account, "session"),
        reference=reference,
        grants=grants or {},
        strong=True,
    )


def caseworker(name: str, role: str) -> Actor:
    """One of the platform's own people."""
    return actor("caseworker", "conseil", uuid5(HERE, name), f"account:{uuid5(HERE, name)}", {"platform": role})


ACME, BISTRO = House("acme"), House("bistro")
NADIA, HUGO, YVES = caseworker("nadia", "administer"), caseworker("hugo", "handle"), caseworker("yves", "read")
