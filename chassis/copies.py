"""A person's own copy of their data (RGPD art. 15 and 20): each service answers the same question with its part, in the same shape.

A service writes one function, from who asks to sections, and subscribes with :func:`giving`; nothing else differs from one to another.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from chassis.work import Told, Work
from events.copies import CopyPart
from events.fact import Sealed


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One table of a part: ``key`` and the keys of ``rows`` are for programs, ``title`` and ``labels`` for people."""

    key: str
    title: str
    labels: dict[str, str]
    rows: list[dict[str, Any]]


Gather = Callable[[Work[Any], Any], list[Section]]
"""From the work and what was asked (who: ``kind``, ``account_id``, ``reference``) to the sections of a service."""


def section(key: str, title: str, labels: dict[str, str], items: Iterable[Any]) -> Section:
    """A table of ``items`` (rows of the database, or mappings), one column for each label."""
    rows = [{name: msgspec.to_builtins(_value(item, name), enc_hook=str) for name in labels} for item in items]
    return Section(key=key, title=title, labels=labels, rows=rows)


def giving(part: type[CopyPart], gather: Gather) -> Callable[[Work[Any], Sequence[Told[Any]], Any], None]:
    """The subscription of a service: gather its part of each copy that is asked for, and tell it sealed."""

    def give(work: Work[Any], tolds: Sequence[Told[Any]], _adapters: Any) -> None:
        for told in tolds:
            ours = work.because(told)
            ours.emit(part(copy_id=told.fact.copy_id, content=Sealed(written(gather(ours, told.fact)))))

    return give


def written(sections: list[Section]) -> str:
    """Sections as a part carries them."""
    return msgspec.json.encode(sections).decode()


def read(content: str) -> list[Section]:
    """The sections of a part. Raises ``msgspec.DecodeError`` for what is none."""
    return msgspec.json.decode(content, type=list[Section])


def _value(item: Any, name: str) -> Any:
    return item[name] if isinstance(item, Mapping) else getattr(item, name)
