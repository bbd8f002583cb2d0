"""What every table of messaging stands on: the vault that seals what is personal, and the types of columns."""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Dialect, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

from chassis.tables import NAMING, TYPES
from chassis.vault import SealedText, Vault

VAULT = Vault()


def one_of(column: str, values: Iterable[str]) -> str:
    """The CHECK condition under which a column holds one of these words."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class SealedJson(TypeDecorator[dict[str, Any]]):
    """A small JSON object stored sealed: what a notice says is personal, and sometimes secret."""

    impl = SealedText
    cache_ok = False

    def __init__(self) -> None:
        super().__init__(VAULT)

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else msgspec.json.decode(value)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES
