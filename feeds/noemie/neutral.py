"""Décomptes as JSON lines, our own format: one décompte a line, personal fields in clear on the producer's machine, for the kit to seal.

``{"fund", "number", "issued_on", "amc_number", "party": {…}, "lines": [{…}]}``, as ``events.noemie`` says them; amounts are texts
(``"26.50"``), negative on every line of a correction.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from events.noemie import Care, Party, StatementTold, care, party
from feeds import kit
from feeds.jsonl import UNREADABLE, why
from feeds.noemie.checks import wrong
from feeds.numbered import Flaw, Readable, Seen, Wrong, bearable, bounded, lines


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line as it is written."""

    fund: str
    number: str
    issued_on: date
    amc_number: str
    party: Party
    lines: tuple[Care, ...]


def read(stream: Readable) -> Iterator[kit.Item | Flaw]:
    """The décomptes of a file in their order, each with its id, or what is wrong with a line."""
    return bounded(_items(stream))


def told(written: Written) -> kit.Item:
    """A décompte that may be published. Raises ``Wrong``."""
    statement = StatementTold(
        fund=written.fund,
        number=written.number,
        issued_on=written.issued_on,
        amc_number=written.amc_number,
        party=party(written.party),
        lines=care(written.lines),
    )
    if reason := next(wrong(statement), None):
        raise Wrong(reason)
    return kit.Item(kit.statement_id(statement), statement)


def _items(stream: Readable) -> Iterator[kit.Item | Flaw]:
    seen = Seen()
    for number, raw in lines(stream):
        try:
            item = told(_parsed(bearable(raw)))
            seen.note(item.id, number)
        except Wrong as reason:
            yield Flaw(number, str(reason))
        else:
            yield item._replace(line=number)


def _parsed(raw: bytes) -> Written:
    try:
        return msgspec.json.decode(raw, type=Written)
    except UNREADABLE as error:
        raise Wrong(why(error)) from error
