"""From facts to events ready to travel: stable ids, CloudEvents envelopes, batches whose personal fields are sealed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice, repeat
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from events import encode
from events.dsn import Declaration
from events.fact import Fact
from events.noemie import StatementTold
from feeds.sealing import PlatformKey, Sealer

SOURCE = "affilia:feeds/"
"""Then the publisher, as the fact's name begins: ``affilia:feeds/dsn``."""
NAMESPACE = UUID("6f1c2f0e-6a53-5d0b-9c55-0d5e0a3f7b21")
"""The namespace of feed events' ids. Changing it would make every file a new one."""

BATCH_SIZE = 500


class Item(NamedTuple):
    """A fact with the id it always has, however often its declaration is read; ``line`` is where its file tells it, 0 when unknown."""

    id: UUID
    fact: Fact
    line: int = 0


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope (CloudEvents 1.0, structured JSON). ``data`` is the fact's JSON body; attribute names are the norm's."""

    id: str
    type: str
    source: str
    subject: str
    time: str
    contentkey: str
    data: msgspec.Raw
    specversion: str = "1.0"
    datacontenttype: str = "application/json"


def items(declaration: Declaration, facts: Sequence[Fact], lines: Iterable[int] = ()) -> Iterator[Item]:
    """The facts of one declaration with their ids, and the ``lines`` that tell them when they are known."""
    for index, (fact, line) in enumerate(zip(facts, chain(lines, repeat(0)))):  # noqa: B905  # the second never ends
        yield Item(item_id(declaration, index, fact), fact, line)


def item_id(declaration: Declaration, place: int | str, fact: Fact) -> UUID:
    """UUIDv5 of the declaration's key, the place of the fact in it (its rank, or what else names it there) and the fact's name.

    The key holds no personal data (SIRET, nature, building date, order number), so an id tells nothing of a person.
    """
    key = f"{declaration.siret}/{declaration.nature}/{declaration.rank.built_on.isoformat()}/{declaration.rank.number}"
    return uuid5(NAMESPACE, f"{key}/{place}/{fact.name}")


def statement_id(statement: StatementTold) -> UUID:
    """UUIDv5 of a décompte's key: the fund and its number, which name nobody."""
    return uuid5(NAMESPACE, f"noemie/{statement.fund}/{statement.number}")


def siret_of(item: Item) -> str:
    """The establishment that a fact is declared for."""
    declaration = getattr(item.fact, "declaration", None)
    return declaration.siret if isinstance(declaration, Declaration) else ""


def batches(every: Iterable[Item], size: int = BATCH_SIZE) -> Iterator[list[Item]]:
    """Items in their order, ``size`` at a time."""
    rest = iter(every)
    while batch := list(islice(rest, size)):
        yield batch


def sealed(batch: Iterable[Item], key: PlatformKey, at: datetime) -> list[CloudEvent]:
    """A batch ready to travel, under one fresh content key; ``at`` is the instant of publication, with its zone."""
    sealer, time = Sealer(key), at.isoformat()
    return [_envelope(item, sealer, time) for item in batch]


def _envelope(item: Item, sealer: Sealer, time: str) -> CloudEvent:
    return CloudEvent(
        id=str(item.id),
        type=item.fact.name,
        source=SOURCE + item.fact.name.partition(".")[0],
        subject=item.fact.subject,
        time=time,
        contentkey=sealer.content_key,
        data=msgspec.Raw(encode(item.fact, sealer.sealing(item.fact.name))),
    )
