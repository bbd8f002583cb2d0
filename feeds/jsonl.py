"""Facts as JSON lines: what a producer with a DSN software of its own writes, in clear on its own machine, for the kit to seal and send.

One fact a line: ``{"type": "dsn.radiation.v1", "item": 0, "data": {…}}``, the body as ``docs/schemas`` says it, personal fields in clear.
``item`` is the place of the fact in its declaration: the id is drawn from both, and is the one that ``feed dsn`` gives to the same fact of
that declaration. A producer that keeps ids of its own gives ``id`` (a UUID) instead; the same fact has the same id for ever.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from events import CATALOGUE, decode
from events.dsn import Declaration
from events.fact import Fact
from feeds import kit, telling
from feeds.numbered import Flaw, Readable, Seen, Wrong, bearable, bounded, lines

PUBLISHER = "dsn."
"""The only facts that come from outside: a producer may not speak for a service."""
NAME = re.compile(r"[a-z][a-z_]{0,40}")
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line as it is written."""

    type: str
    data: msgspec.Raw
    id: UUID | None = None
    item: Annotated[int, Meta(ge=0)] | None = None


def read(stream: Readable) -> Iterator[kit.Item | Flaw]:
    """The facts of a file in their order, each with its id, or what is wrong with a line; empty lines are none."""
    return bounded(_items(stream))


def _items(stream: Readable) -> Iterator[kit.Item | Flaw]:
    seen = Seen()
    for number, raw in lines(stream):
        try:
            item = _item(bearable(raw))
            seen.note(item.id, number)
        except Wrong as reason:
            yield Flaw(number, str(reason))
        else:
            yield item._replace(line=number)


def _item(raw: bytes) -> kit.Item:
    line = _parsed(raw)
    fact = _fact(line)
    declaration = getattr(fact, "declaration", None)
    if line.id is not None:
        return kit.Item(line.id, fact)
    if line.item is None or not isinstance(declaration, Declaration):
        raise Wrong("« id » (un UUID) ou « item » (la place du fait dans sa déclaration) manque")
    return kit.Item(kit.item_id(declaration, line.item, fact), fact)


def _parsed(raw: bytes) -> Line:
    try:
        return msgspec.json.decode(raw, type=Line)
    except UNREADABLE as error:
        raise Wrong(why(error)) from error


def _fact(line: Line) -> Fact:
    kind = CATALOGUE.get(line.type) if line.type.startswith(PUBLISHER) else None
    if kind is None:
        raise Wrong("« type » n'est pas celui d'un fait qu'un producteur publie")
    if b"\\u0000" in bytes(line.data):
        raise Wrong("caractère nul")
    try:
        fact = decode(kind, bytes(line.data), lambda clear: clear)
    except UNREADABLE as error:
        raise Wrong(why(error, "data")) from error
    if strange := next(_unknown(fact, msgspec.json.decode(line.data), "data"), None):
        raise Wrong(f"champ inconnu : {strange}")
    if reason := next(telling.wrong(fact), None):
        raise Wrong(reason)
    return fact


def why(error: Exception, within: str = "") -> str:
    """What the decoder says, in French: the place of the trouble, never the value found there."""
    said = str(error)
    if not isinstance(error, msgspec.ValidationError):
        return "ce n'est pas du JSON (UTF-8)"
    path = said.rpartition(" - at `")[2].rstrip("`").lstrip("$").strip(".") if " - at `" in said else ""
    place = ".".join(filter(None, (within, path)))
    for sign, sentence in SENTENCES.items():
        if sign in said:
            return sentence.format(name=_shown(said.split("`")[1])) + (f" (dans {place})" if place else "")
    return f"valeur qui n'est pas celle attendue (champ {place})" if place else "un objet JSON est attendu sur chaque ligne"


SENTENCES: Mapping[str, str] = {
    "missing required field": "champ « {name} » absent",
    "unknown field": "champ « {name} » inconnu",
}
"""What the decoder says of a field that is missing or too many; the rest is told by its place."""


def _unknown(told: Any, written: Any, path: str) -> Iterator[str]:
    """Names that were written and that nobody reads: a slip in an optional field would be lost without a word."""
    if isinstance(told, msgspec.Struct) and isinstance(written, dict):
        known = {field.encode_name for field in msgspec.structs.fields(told)}
        yield from (f"{path}.{_shown(name)}" for name in written if name not in known)
        for name in known & written.keys():
            yield from _unknown(getattr(told, name), written[name], f"{path}.{name}")
    elif isinstance(told, tuple) and isinstance(written, list):
        for place, (one, other) in enumerate(zip(told, written, strict=False)):
            yield from _unknown(one, other, f"{path}[{place}]")


def _shown(name: str) -> str:
    """A field's name, if it is one: whatever else was written in its place is nobody's business."""
    return name if NAME.fullmatch(name) else "…"
