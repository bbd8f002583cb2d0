"""What blocks tell: the table from blocks of a declaration to the facts of ``events.dsn``. Blocks come here checked.

Nothing says "radiation" in a DSN; these are its signals. Somebody missing from a month is not one, and the reasons of a
sick leave (S21.G00.60) are health data: they are never told.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

import msgspec

from events.dsn import (
    AffiliationSeen,
    Cover,
    Declaration,
    DeclarationType,
    Employment,
    EmploymentChanged,
    IdentityChanged,
    NobodyCovered,
    Radiation,
    Rank,
)
from events.fact import Fact, Sealed, seal
from feeds.dsn.checks import day
from feeds.dsn.coherence import NOBODY, Adhesions
from feeds.dsn.tree import AFFILIATION, CONTRACT, CONTRACT_CHANGE, CONTRACT_END, PERSON_CHANGE, SENIORITY, Block

TYPES: dict[str, DeclarationType] = {
    "01": "normal",
    "02": "without_individual",
    "03": "replaces",
    "04": "cancels",
    "05": "replaces_without_individual",
}

NOT_ENDING = ("099", "116", "999")
"""Motives of 62.002 that end nothing: a cancelled end, the end of a line of service, of another relation. A transfer (100, 998) ends the
employment here, and the cover moves with it."""
MAINTAINED = "01"
IN_COMPANY = "07"
AFFILIATING_TRIGGERS = ("01", "03", "04", "05")
"""05.011 of an ADV: hiring, end of dispense, changed parameters, people to affiliate. A move, payroll tax or software is not one."""

MONTHS_OF_UNIT = {"01": Decimal(12) / 365, "02": Decimal(1), "03": Decimal(12)}
"""Months in one unit of seniority (86.002: days, months, years)."""


class Spell(msgspec.Struct, frozen=True):
    """One contract of one person, with what its facts have in common."""

    declaration: Declaration
    root: Block
    person: Block
    contract: Block
    employment: Employment
    covers: tuple[Cover, ...]

    @property
    def end(self) -> Block | None:
        return next(iter(self.contract.under(CONTRACT_END)), None)


def heading(root: Block, company: Block, establishment: Block) -> Declaration:
    """The declaration's key, type and target."""
    return Declaration(
        siret=company["001"] + establishment["001"],
        nature=root["001"],  # type: ignore[arg-type]  # checked against NATURES
        type=TYPES[root["002"]],
        rank=Rank(built_on=_day(root["007"]), number=int(root["004"])),
        month=_optional_day(root.get("005")),
        fraction=root["003"],
        target=_rank(root.get("006")),
    )


def told_by_establishment(declaration: Declaration, adhesions: Adhesions) -> Iterator[Fact]:
    """The contracts that cover nobody here (15.004)."""
    for adhesion in adhesions.values():
        if adhesion.get("004") == NOBODY:
            yield NobodyCovered(declaration=declaration, contract_reference=adhesion["001"], insurer_code=adhesion["002"])


def told_by_person(declaration: Declaration, root: Block, adhesions: Adhesions, person: Block) -> Iterator[Fact]:
    """The facts of one person, contract by contract in the order of the file."""
    for contract in person.under(CONTRACT):
        covers = tuple(_cover(affiliation, adhesions) for affiliation in contract.under(AFFILIATION))
        spell = Spell(declaration, root, person, contract, _employment(person, contract), covers)
        for signal in SIGNALS_OF[declaration.nature]:
            yield from signal(spell)


def identity_changes(spell: Spell) -> Iterator[Fact]:
    """S21.G00.31: another NIR, name or birth date."""
    for change in spell.person.under(PERSON_CHANGE):
        former = {
            "former_nir": seal(change.get("008")),
            "former_last_name": seal(change.get("009")),
            "former_first_name": seal(change.get("010")),
            "former_birth_on": seal(_birth(change.get("011"))),
        }
        if any(former.values()):
            yield IdentityChanged(
                declaration=spell.declaration,
                employment=spell.employment,
                covers=spell.covers,
                changed_on=_day(change["001"]),
                **former,
            )


def employment_changes(spell: Spell) -> Iterator[Fact]:
    """S21.G00.41 with a former SIRET, number or start: the spell changes its key. Other changes are not ours."""
    for change in spell.contract.under(CONTRACT_CHANGE):
        if change.get("012") or change.get("014") or change.get("021"):
            yield EmploymentChanged(
                declaration=spell.declaration,
                employment=spell.employment,
                covers=spell.covers,
                changed_on=_day(change["001"]),
                former_siret=change.get("012"),
                former_number=change.get("014"),
                former_starts_on=_optional_day(change.get("021")),
            )


def affiliations(spell: Spell) -> Iterator[Fact]:
    """A S21.G00.70, or an ADV whose trigger affiliates."""
    triggered = spell.declaration.nature == "08" and spell.root.get("011") in AFFILIATING_TRIGGERS
    if spell.covers or triggered:
        yield AffiliationSeen(declaration=spell.declaration, employment=spell.employment, covers=spell.covers)


def ends_of_employment(spell: Spell) -> Iterator[Fact]:
    """S21.G00.62, its motive as it was declared (099, 100 and 998 too: members knows what they mean)."""
    if end := spell.end:
        yield Radiation(
            declaration=spell.declaration,
            employment=spell.employment,
            covers=spell.covers,
            cause="employment",
            ended_on=_day(end["001"]),
            motive=end["002"],
            maintained=end.get("016") == MAINTAINED,
        )


def ends_of_cover(spell: Spell) -> Iterator[Fact]:
    """70.015 while employment goes on, or before it ended; a cover that ends with the employment is told by that end."""
    ended = _employment_ended_on(spell.end)
    for cover in spell.covers:
        if cover.ends_on and (ended is None or cover.ends_on < ended):
            yield Radiation(
                declaration=spell.declaration,
                employment=spell.employment,
                covers=(cover,),
                cause="cover",
                ended_on=cover.ends_on,
            )


SIGNALS: tuple[tuple[tuple[str, ...], Callable[[Spell], Iterator[Fact]]], ...] = (
    (("01", "09"), identity_changes),
    (("01", "09"), employment_changes),
    (("01", "08", "09"), affiliations),
    (("01", "07", "09"), ends_of_employment),
    (("01", "09"), ends_of_cover),
)
"""Which natures tell which facts, in the order they are told."""

TELLING = {nature for natures, _ in SIGNALS for nature in natures}
SIGNALS_OF = {nature: [signal for natures, signal in SIGNALS if nature in natures] for nature in TELLING}


def _employment(person: Block, contract: Block) -> Employment:
    return Employment(
        starts_on=_day(contract["001"]),
        number=contract["009"],
        last_name=Sealed(person["002"]),
        first_name=Sealed(person["004"]),
        birth_on=Sealed(_birth(person["006"]) or ""),
        nir=seal(person.get("001")),
        ntt=seal(person.get("020")),
        nature=contract.get("007") or "",
        seniority_months=_seniority(person, contract["009"]),
    )


def _cover(affiliation: Block, adhesions: Adhesions) -> Cover:
    adhesion = adhesions[affiliation["013"]]
    return Cover(
        contract_reference=adhesion["001"],
        insurer_code=adhesion["002"],
        option=affiliation.get("004") or "",
        population=affiliation.get("005") or "",
        starts_on=_optional_day(affiliation.get("014")),
        ends_on=_optional_day(affiliation.get("015")),
    )


def _seniority(person: Block, number: str) -> int | None:
    """Months in the company, begun months included; a seniority that names another contract is not this one's."""
    for block in person.under(SENIORITY):
        if block["001"] == IN_COMPANY and block.get("005") in (None, number):
            return _months(block["003"], block["002"])
    return None


@lru_cache
def _months(length: str, unit: str) -> int:
    return int((Decimal(length) * MONTHS_OF_UNIT[unit]).to_integral_value(ROUND_CEILING))


def _employment_ended_on(end: Block | None) -> date | None:
    """The day employment ended here, unless its motive ends nothing or the cover goes on (62.016)."""
    if end is None or end["002"] in NOT_ENDING or end.get("016") == MAINTAINED:
        return None
    return _day(end["001"])


def _birth(text: str | None) -> str | None:
    """ISO, or as written when day or month is unknown."""
    known = text and day(text)
    return known.isoformat() if known else text


def _rank(text: str | None) -> Rank | None:
    return Rank(built_on=_day(text[:8]), number=int(text[8:])) if text else None


def _optional_day(text: str | None) -> date | None:
    return day(text) if text else None


def _day(text: str) -> date:
    known = day(text)
    if known is None:
        raise ValueError("an unchecked date reached the signals")
    return known
