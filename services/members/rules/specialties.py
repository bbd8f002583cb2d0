"""Which specialties are looked for (S0:218), and what names them in the open registers (``specialties.toml``, checked when read)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from identifiers.text import folded

TABLE = Path(__file__).with_name("specialties.toml")


class Specialty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``professions`` are codes of the Annuaire santé, ``skills`` words of a qualification, ``finess`` categories of establishment."""

    label: str
    professions: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    finess: tuple[str, ...] = ()


@cache
def specialties() -> Mapping[str, Specialty]:
    """The table, in the order that it is shown."""
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), dict[str, Specialty])


@cache
def of_person(profession: str, skill: str) -> str | None:
    """The specialty of a line of the Annuaire santé: a profession's code and a qualification in words."""
    said = folded(skill)
    for key, one in specialties().items():
        if profession in one.professions and (not one.skills or any(word in said for word in one.skills)):
            return key
    return None


@cache
def of_establishment(category: str) -> str | None:
    """The specialty of a line of FINESS."""
    return next((key for key, one in specialties().items() if category in one.finess), None)
