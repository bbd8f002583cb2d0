"""What every table of identity shares: naming, types, the vault of its sealed columns."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.tables import NAMING, TYPES
from chassis.vault import Vault

VAULT = Vault()


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES
