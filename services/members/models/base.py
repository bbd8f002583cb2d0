"""What every table of members shares: naming, types, the vault of its sealed columns, what search compares."""

from typing import Any

from sqlalchemy import MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from chassis.tables import NAMING, TYPES
from chassis.vault import Vault

VAULT = Vault()
SORTABLE = Text(collation="C")
"""Search columns compare byte by byte, so that a prefix is a range."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


def among(column: str, values: Any) -> str:
    """SQL: the column holds one of ``values``."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"
