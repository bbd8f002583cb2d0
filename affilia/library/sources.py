"""What the documents lean on: one brand's own words and settings, as each service reads them."""

from dataclasses import dataclass
from pathlib import Path

from chassis.config import Identity, SupportLine, read_brands
from services.affiliation.config import AffiliationBrand
from services.documents.config import DocumentsBrand
from services.employers.config import EmployersBrand
from services.identity.config import IdentityBrand
from services.messaging.config import MessagingBrand

CLASSES = {"upper": "une majuscule", "lower": "une minuscule", "digit": "un chiffre", "special": "un caractère spécial"}


@dataclass(frozen=True)
class Sources:
    """One brand, as the documents need it."""

    identity: Identity
    access: IdentityBrand
    employers: EmployersBrand
    affiliation: AffiliationBrand
    documents: DocumentsBrand
    messaging: MessagingBrand

    @property
    def name(self) -> str:
        return self.identity.name

    @property
    def member_space(self) -> str:
        return self.messaging.wording.member_space

    @property
    def employer_space(self) -> str:
        return self.messaging.wording.employer_space

    def password(self, space: str) -> str:
        """What a password of a space must hold: « au moins 12 caractères, avec une majuscule, une minuscule et un chiffre »."""
        rule = self.access.password[space]
        every = ", ".join(CLASSES[name] for name in rule.required_classes)
        some = " ou ".join(CLASSES[name] for name in rule.any_of_classes)
        return f"au moins {rule.min_length} caractères, avec {every}" + (f" et {some}" if some else "")

    def support(self, space: str) -> SupportLine | None:
        """The help line of a space."""
        return next((line for line in self.identity.support if line.space == space), None)


def sources(folder: Path, key: str) -> Sources:
    """Read one brand of a folder of brand files. Raises ``KeyError`` for a brand that has none."""
    return Sources(
        identity=read_brands(folder, "messaging", MessagingBrand)[key].identity,
        access=read_brands(folder, "identity", IdentityBrand)[key].own,
        employers=read_brands(folder, "employers", EmployersBrand)[key].own,
        affiliation=read_brands(folder, "affiliation", AffiliationBrand)[key].own,
        documents=read_brands(folder, "documents", DocumentsBrand)[key].own,
        messaging=read_brands(folder, "messaging", MessagingBrand)[key].own,
    )
