"""Simple facts as a CSV file, for payroll software that writes no DSN: an affiliation that was seen, an employment that ended.

UTF-8, ``;`` between the columns, their names on the first line in any order (``COLUMNS``), one fact a line; days are ``AAAA-MM-JJ`` or
``JJ/MM/AAAA``. The lines of one declaration (SIRET, day, number) follow one another: a radiation is told as an end of contract (nature 07),
an affiliation as an announcement (08), and the declaration ends with its last line. What is corrected is declared again under the next
number; what replaces or cancels a declaration needs a DSN, or JSON lines.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from events.dsn import AffiliationSeen, Cover, Declaration, DeclarationTaken, Employment, Nature, Radiation, Rank
from events.fact import Sealed, seal
from feeds import kit, telling
from feeds.dsn.coherence import NOT_IN_END_OF_CONTRACT, against_birth
from feeds.numbered import Flaw, Readable, Seen, Wrong, bearable, bounded, lines

SEPARATOR = ";"
DAYS = ("%Y-%m-%d", "%d/%m/%Y")
CENTURIES = (1900, 2099)
YES_OR_NO = {"": False, "non": False, "oui": True}
NATURES: Mapping[str, Nature] = {"affiliation": "08", "radiation": "07"}
"""What each kind of line is declared as."""
END = "fin"
"""The place of the fact that ends a declaration."""


class Header(Wrong):
    """The first line is not that of such a file: nothing else of it can be read."""


class Row(NamedTuple):
    """A line as it is understood."""

    line: int
    declaration: Declaration
    place: str
    fact: AffiliationSeen | Radiation


def read(stream: Readable) -> Iterator[kit.Item | Flaw]:
    """The facts of a file in their order, each with its id, or what is wrong with a line; each declaration ends with its own fact."""
    numbered = lines(stream)
    number, first = next(numbered, (1, b""))
    try:
        columns = _header(first)
    except Wrong as reason:
        yield Flaw(number, str(reason))
        return
    yield from bounded(_Reading(columns).items(numbered))


class _Reading:
    """The declaration that is open, with those that are not to come back."""

    def __init__(self, columns: list[str]) -> None:
        self._columns = columns
        self._seen = Seen()
        self._open: Row | None = None
        self._facts = 0

    def items(self, numbered: Iterator[tuple[int, bytes]]) -> Iterator[kit.Item | Flaw]:
        for number, raw in numbered:
            try:
                yield from self._told(_row(number, self._columns, bearable(raw)))
            except Wrong as reason:
                yield Flaw(number, str(reason))
        yield from self._close()

    def _told(self, row: Row) -> Iterator[kit.Item]:
        if self._open is None or self._open.declaration != row.declaration:
            yield from self._close()
            self._begin(row)
        item = kit.Item(kit.item_id(row.declaration, row.place, row.fact), row.fact, row.line)
        self._seen.note(item.id, row.line)
        self._facts += 1
        yield item

    def _begin(self, row: Row) -> None:
        try:
            self._seen.note(_end(row, 0).id, row.line)
        except Wrong as again:
            raise Wrong("les lignes d'une même déclaration se suivent : celle-ci était finie") from again
        self._open, self._facts = row, 0

    def _close(self) -> Iterator[kit.Item]:
        row, self._open = self._open, None
        if row:
            yield _end(row, self._facts)


def _end(row: Row, facts: int) -> kit.Item:
    taken = DeclarationTaken(declaration=row.declaration, individuals=facts, facts=facts)
    return kit.Item(kit.item_id(row.declaration, END, taken), taken, row.line)


def _header(raw: bytes) -> list[str]:
    names = [name.strip().lower() for name in _cells(raw)] if raw else []
    if unknown := [name for name in names if name not in COLUMNS]:
        raise Header(f"en-tête inattendu ({len(unknown)} colonne(s) inconnue(s)) ; colonnes, séparées par « ; » : {', '.join(COLUMNS)}")
    if missing := [name for name in REQUIRED if name not in names]:
        raise Header(f"colonne(s) absente(s) : {', '.join(missing)}")
    if len(set(names)) < len(names):
        raise Header("une colonne est écrite deux fois")
    return names


def _row(line: int, columns: list[str], raw: bytes) -> Row:
    cells = _cells(raw)
    if len(cells) != len(columns):
        raise Wrong(f"{len(cells)} valeur(s) pour {len(columns)} colonne(s)")
    told = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=True))
    said = {name: _said(name, told[name]) for name in COLUMNS}
    fact = FACTS[said["fait"]](said)
    if reason := next(telling.wrong(fact), None):
        raise Wrong(reason)
    return Row(line, fact.declaration, f"{said['numero_contrat']}/{said['debut_contrat']}/{said['reference_sante']}", fact)


def _cells(raw: bytes) -> list[str]:
    try:
        (cells,) = csv.reader([raw.decode()], delimiter=SEPARATOR, strict=True)
    except UnicodeDecodeError as error:
        raise Wrong("caractères qui ne sont pas en UTF-8 : enregistrez le fichier en « CSV UTF-8 »") from error
    except csv.Error as error:
        raise Wrong("guillemets mal fermés") from error
    return [cell.strip() for cell in cells]


def _said(name: str, text: str) -> Any:
    column = COLUMNS[name]
    if not text and column.required:
        raise Wrong(f"colonne « {name} » : valeur absente")
    try:
        return column.read(text)
    except (ValueError, KeyError) as error:
        raise Wrong(f"colonne « {name} » : {column.expected}") from error


def _affiliation(said: Mapping[str, Any]) -> AffiliationSeen:
    return AffiliationSeen(**_common(said))


def _radiation(said: Mapping[str, Any]) -> Radiation:
    common = _common(said)
    if said["fin"] is None or not said["motif"]:
        raise Wrong("une radiation a une « fin » et un « motif »")
    if said["motif"] in NOT_IN_END_OF_CONTRACT:
        raise Wrong(f"motif {said['motif']} interdit dans une fin de contrat")
    if said["fin"] < said["debut_contrat"]:
        raise Wrong("fin de contrat antérieure à son début")
    return Radiation(cause="employment", ended_on=said["fin"], motive=said["motif"], maintained=said["maintien"], **common)


FACTS: Mapping[str, Callable[[Mapping[str, Any]], AffiliationSeen | Radiation]] = {"affiliation": _affiliation, "radiation": _radiation}


def _common(said: Mapping[str, Any]) -> dict[str, Any]:
    rank = Rank(built_on=said["date_declaration"], number=said["numero_declaration"])
    declaration = Declaration(siret=said["siret"], nature=NATURES[said["fait"]], type="normal", rank=rank)
    cover = Cover(contract_reference=said["reference_sante"], insurer_code=said["organisme"], starts_on=said["debut_couverture"])
    return {"declaration": declaration, "employment": _employment(said), "covers": (cover,)}


def _employment(said: Mapping[str, Any]) -> Employment:
    if not said["nir"] and not said["ntt"]:
        raise Wrong("ni NIR ni NTT : l'un des deux est obligatoire")
    if said["nir"] and (reason := against_birth(said["nir"], f"{said['date_naissance']:%d%m%Y}")):
        raise Wrong(reason)
    return Employment(
        starts_on=said["debut_contrat"],
        number=said["numero_contrat"],
        last_name=Sealed(said["nom"]),
        first_name=Sealed(said["prenoms"]),
        birth_on=Sealed(said["date_naissance"].isoformat()),
        nir=seal(said["nir"] or None),
        ntt=seal(said["ntt"] or None),
    )


class Column(NamedTuple):
    """How a cell is read, and what is said of one that cannot be."""

    read: Callable[[str], Any]
    expected: str
    required: bool = True


def _day(text: str) -> date | None:
    for shape in DAYS if text else ():
        try:
            day = datetime.strptime(text, shape).date()
        except ValueError:
            continue
        if CENTURIES[0] <= day.year <= CENTURIES[1]:
            return day
    if text:
        raise ValueError("not a day")
    return None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise ValueError("not an order number")
    return int(text)


def _among(values: Mapping[str, Any]) -> Callable[[str], str]:
    def read_(text: str) -> str:
        values[text.lower()]
        return text.lower()

    return read_


def _text(length: int) -> Callable[[str], str]:
    def read_(text: str) -> str:
        if len(text) > length or not text.isprintable():
            raise ValueError("too long")
        return text

    return read_


def _spaceless(text: str) -> str:
    return "".join(text.split())


A_DAY = "date attendue (AAAA-MM-JJ ou JJ/MM/AAAA)"
COLUMNS: Mapping[str, Column] = {
    "fait": Column(_among(FACTS), "« affiliation » ou « radiation » attendu"),
    "siret": Column(_spaceless, "14 chiffres attendus"),
    "date_declaration": Column(_day, A_DAY),
    "numero_declaration": Column(_number, "numéro d'ordre attendu (1 à 15 chiffres)"),
    "nom": Column(_text(80), "80 caractères au plus"),
    "prenoms": Column(_text(80), "80 caractères au plus"),
    "date_naissance": Column(_day, A_DAY),
    "nir": Column(_spaceless, "13 caractères attendus, sans clé", required=False),
    "ntt": Column(_spaceless, "numéro technique temporaire attendu", required=False),
    "numero_contrat": Column(_text(20), "20 caractères au plus"),
    "debut_contrat": Column(_day, A_DAY),
    "reference_sante": Column(_text(30), "30 caractères au plus"),
    "organisme": Column(_text(9), "9 caractères au plus"),
    "debut_couverture": Column(_day, A_DAY, required=False),
    "fin": Column(_day, A_DAY, required=False),
    "motif": Column(_spaceless, "trois chiffres attendus", required=False),
    "maintien": Column(lambda text: YES_OR_NO[text.lower()], "« oui », « non » ou rien", required=False),
}
"""The columns of the file, in the order of the sample. ``nir`` has 13 characters; ``maintien`` is 62.016: the cover goes on."""
REQUIRED = tuple(name for name, column in COLUMNS.items() if column.required)
