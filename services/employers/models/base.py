"""What every table of employers shares: naming, types, the vault of its sealed columns, blind indexes."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.tables import NAMING, TYPES
from chassis.vault import Vault
from services.employers import rules

VAULT = Vault()


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


def among(column: str, values: tuple[str, ...]) -> str:
    """SQL: the column holds one of ``values``."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


def fingerprint(siret: str, typed: str) -> bytes:
    """The blind index of an identifier, within its company: two companies with one identifier do not look alike."""
    return VAULT.fingerprint(f"identifier:{siret[:9]}:{rules.identifier(typed)}")


def email_fingerprint(brand: str, email: str) -> bytes:
    """The blind index of an e-mail (folded) among the employers of a brand."""
    return VAULT.fingerprint(f"email:{brand}:{email}")
