"""What a fact is: a frozen structure with a name and a version, whose personal fields travel sealed.

Nothing here knows how a fact travels. Who seals brings a function from text to text, who opens brings its inverse.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

import msgspec

Transform = Callable[[str], str]


class Sealed:
    """A personal text (name, NIR, IBAN, address, e-mail, phone, code) that never travels, nor prints, in clear."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Sealed(•••)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened, told by its owner. ``name`` is ``publisher.fact.vN``: the routing key and the CloudEvents type.

    Adding an optional field keeps the version; anything else is a new class beside this one.
    """

    name: ClassVar[str] = ""

    @property
    def subject(self) -> str:
        """Whose history this fact belongs to, as ``kind:id``; facts of one subject are applied in their order."""
        raise TypeError(f"{type(self).__name__} does not name its subject")


F = TypeVar("F", bound=Fact)


def seal(value: str | None) -> Sealed | None:
    """Wrap an optional personal text: ``None`` stays ``None``."""
    return None if value is None else Sealed(value)


def opened(value: Sealed | None) -> str | None:
    """The text inside an optional sealed field."""
    return None if value is None else value.value


def encode(fact: Fact, sealing: Transform) -> bytes:
    """The JSON body of a fact, each sealed field passed through ``sealing``."""

    def hook(value: Any) -> str:
        if isinstance(value, Sealed):
            return sealing(value.value)
        raise NotImplementedError(f"cannot encode {type(value).__name__}")

    return msgspec.json.encode(fact, enc_hook=hook)


def decode(kind: type[F], body: bytes, opening: Transform) -> F:
    """The fact in a JSON body, each sealed field passed through ``opening``.

    Raises ``msgspec.ValidationError`` (or ``DecodeError``) when the body is not such a fact.
    """
    fact: F = _decoder(kind, opening).decode(body)
    return fact


@lru_cache(1024)
def _decoder(kind: type[Fact], opening: Transform) -> Any:
    def hook(wanted: type, value: Any) -> Any:
        if wanted is not Sealed:
            raise NotImplementedError(f"cannot decode {wanted}")
        if not isinstance(value, str):
            raise ValueError(f"Expected `str`, got `{type(value).__name__}`")  # the decoder adds the place
        return Sealed(opening(value))

    return msgspec.json.Decoder(kind, dec_hook=hook)
