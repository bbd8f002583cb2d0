"""NOEMIE's own form, as far as public sources tell it: blocks of 128 bytes that hold entities, read into our neutral décomptes.

Two public code bases agree on the blocks, their continuation flag, entities that end with ``@``, amounts in cents with a sign apart, and
the places used here. Not sure, to be checked on a fund's real file: that 990 closes one décompte, names it, counts its lines of care and
adds up what the base scheme paid; that 999 counts all blocks; that a coefficient is in hundredths; that the fund is the number of the
sender. Who was paid is in no entity that we could read: the professional, when a 199 says that the complementary share was paid (``P``),
else the insured person. Entity 255 (NOEMIE OC) has no public layout: a file that holds one is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from events.noemie import Care, Party
from feeds import kit
from feeds.noemie.neutral import Written, told
from feeds.numbered import Flaw, Seen, Wrong, bounded

BLOCK, END = 128, "@"
HEADER, TRAILER, MORE, LAST = "000", "999", "0", "1"
SIGNS = {"P": 1, "N": -1}
SILENT = frozenset({"071", "150", "198", "250", "261", "262", "290", "294", "295"})
"""Entities that say nothing more of who paid what for which care."""
LONG_ILLNESS = "4"
STATEMENTS = "3"
"""Décomptes have the references 3xx."""


@dataclass
class Level:
    """The décompte that is being read."""

    nir: str = ""
    patient: dict[str, Any] = field(default_factory=dict)
    amc_number: str = ""
    shares: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    total: Decimal = Decimal(0)


class _Reading:
    """One file: what its header said, the level that is open, the sums to check at its end."""

    def __init__(self, header: str) -> None:
        if not _at(header, 62, 65).strip(" 0").startswith(STATEMENTS):
            raise Wrong("référence NOEMIE qui n'est pas celle d'un décompte (3xx)")
        self._fund = _at(header, 6, 19).strip().lstrip("0").zfill(2)
        self._issued_on = _day(_at(header, 56, 61), "%y%m%d")
        self._level, self._total, self._seen = Level(), Decimal(0), Seen()

    def entity(self, block: int, text: str) -> Iterator[kit.Item]:
        """The décompte that an entity closes, if it closes one. Raises ``Wrong``."""
        kind = text[:3]
        if kind == "990":
            yield self._close(block, text)
        elif kind not in SILENT:
            reads = READS.get(kind)
            if reads is None:
                raise Wrong("entité inconnue de ce lecteur")
            reads(self, text)

    def end(self, blocks: int, trailer: str) -> None:
        """Raises ``Wrong`` when the file does not count and add up as its last block says."""
        if self._level.lines:
            raise Wrong("le dernier décompte n'est pas fermé (990)")
        if _number(_at(trailer, 56, 63)) != blocks:
            raise Wrong("le nombre de blocs n'est pas celui que dit l'entité 999")
        if _signed(_at(trailer, 86, 96), _at(trailer, 97, 97)) != self._total:
            raise Wrong("la somme des décomptes n'est pas celle que dit l'entité 999")

    def _accounting(self, text: str) -> None:
        self._issued_on = _day(_at(text, 6, 11), "%y%m%d")

    def _insured(self, text: str) -> None:
        self._level = Level(nir=_at(text, 6, 18))

    def _patient(self, text: str) -> None:
        self._level.patient = {
            "birth_on": _birth(_at(text, 6, 11), self._issued_on),
            "rank": _number(_at(text, 12, 12)) or 1,
            "last_name": _at(text, 13, 37).strip(),
            "first_name": _at(text, 38, 52).strip(),
        }

    def _complementary(self, text: str) -> None:
        self._level.amc_number = _at(text, 24, 33)
        if _at(text, 14, 14) == "P":
            sign = _at(text, 23, 23)
            asked, paid = (_signed(_at(text, *places), sign) for places in ((6, 13), (15, 22)))
            self._level.shares = {"complementary_asked": asked, "complementary_paid": paid}

    def _care(self, text: str) -> None:
        sign = _at(text, 61, 61)
        paid = _signed(_at(text, 53, 60), sign)
        self._level.total += paid
        self._level.lines.append(
            {
                "number": _number(_at(text, 6, 7)),
                "act": _at(text, 62, 64).strip(),
                "starts_on": _day(_at(text, 22, 27), "%y%m%d"),
                "ends_on": _day(_at(text, 28, 33), "%y%m%d"),
                "cost": _signed(_at(text, 78, 85), sign),
                "base": _signed(_at(text, 42, 49), sign),
                "rate": _number(_at(text, 50, 52)),
                "base_scheme": paid,
                "quantity": _number(_at(text, 67, 69)) or 1,
                "coefficient": Decimal(_number(_at(text, 70, 74)) or 100).scaleb(-2),
                "exoneration": "ald" if _at(text, 10, 10) == LONG_ILLNESS else None,
                "qualifier": _at(text, 86, 87).strip(),
            }
        )

    def _close(self, block: int, text: str) -> kit.Item:
        level, self._level = self._level, Level()
        if _number(_at(text, 23, 30)) != len(level.lines) or _signed(_at(text, 31, 41), _at(text, 42, 42)) != level.total:
            raise Wrong("le nombre de lignes ou leur somme n'est pas celui que dit l'entité 990")
        self._total += level.total
        item = told(self._written(level, _at(text, 6, 22).strip()))
        self._seen.note(item.id, block)
        return item._replace(line=block)

    def _written(self, level: Level, number: str) -> Written:
        if not level.patient:
            raise Wrong("un décompte sans malade (120)")
        if level.shares and len(level.lines) != 1:
            raise Wrong("la part complémentaire payée (199) ne se répartit pas entre plusieurs lignes de soins")
        shares = level.shares | {"paid_to": "third_party"} if level.shares else {}
        party, lines = Party(nir=level.nir, **level.patient), tuple(Care(**line, **shares) for line in level.lines)
        return Written(fund=self._fund, number=number, issued_on=self._issued_on, amc_number=level.amc_number, party=party, lines=lines)


READS: Mapping[str, Any] = {
    "070": _Reading._accounting,
    "110": _Reading._insured,
    "120": _Reading._patient,
    "199": _Reading._complementary,
    "210": _Reading._care,
}
"""What each entity is read by."""


def read(stream: Any) -> Iterator[kit.Item | Flaw]:
    """The décomptes of a file, or what is wrong and in which block: from there on nothing more is read."""
    return bounded(_items(stream))


def _items(stream: Any) -> Iterator[kit.Item | Flaw]:
    block = 1
    try:
        reading = _Reading(_block(stream.read(BLOCK)))
        for block, text in _entities(stream):
            if text.startswith(TRAILER):
                reading.end(block, text)
                return
            yield from reading.entity(block, text)
    except Wrong as reason:
        yield Flaw(block, f"bloc {block} : {reason}")
        return
    yield Flaw(block, f"bloc {block} : le fichier n'a pas de dernier bloc (999)")


def _entities(stream: Any) -> Iterator[tuple[int, str]]:
    """Each entity with the number of the block where its group ends; the last block is one. Raises ``Wrong``."""
    block, payload = 1, ""
    while raw := stream.read(BLOCK):
        block, text = block + 1, _block(raw)
        if text.startswith(TRAILER) and not payload:
            yield block, text
            if stream.read(1).strip():
                raise Wrong("des données suivent le dernier bloc (999)")
            return
        if text[0] not in (MORE, LAST):
            raise Wrong("indicateur de suite inconnu (0 ou 1 attendu)")
        payload += text[1:]
        if text[0] == LAST:
            yield from ((block, entity) for entity in _split(payload))
            payload = ""


def _split(payload: str) -> list[str]:
    *entities, rest = payload.split(END)
    if rest.strip():
        raise Wrong("une entité n'est pas finie par @")
    return entities


def _block(raw: bytes) -> str:
    if len(raw) < BLOCK:
        raise Wrong("bloc de moins de 128 octets")
    return raw.decode("latin-1")


def _at(text: str, first: int, last: int) -> str:
    """The characters at these places, as the norm counts them: from 1, both included. Raises ``Wrong``."""
    if len(text) < last:
        raise Wrong(f"entité {text[:3] if text[:3].isdecimal() else ''} trop courte")
    return text[first - 1 : last]


def _number(digits: str) -> int:
    if digits.strip() and not (digits.isascii() and digits.isdecimal()):
        raise Wrong("des chiffres sont attendus")
    return int(digits) if digits.strip() else 0


def _signed(cents: str, sign: str) -> Decimal:
    if sign not in SIGNS:
        raise Wrong("signe de montant inconnu (P ou N attendu)")
    return SIGNS[sign] * Decimal(_number(cents)).scaleb(-2)


def _day(digits: str, shape: str) -> date:
    try:
        return datetime.strptime(digits, shape).date()
    except ValueError as error:
        raise Wrong("date illisible") from error


def _birth(digits: str, before: date) -> date:
    """A birth told with two digits of year: of the latest century that is not after the décompte."""
    for century in ("20", "19"):
        day = _day(f"{digits[:4]}{century}{digits[4:]}", "%d%m%Y")
        if day <= before:
            return day
    raise Wrong("date illisible")
