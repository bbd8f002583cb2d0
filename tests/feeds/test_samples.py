"""The shipped files tell exactly these facts: an insurer's lot of five ends of contract, and a month of six people."""

from datetime import date
from io import BytesIO
from pathlib import Path

from msgspec.structs import replace

from events.dsn import (
    AffiliationSeen,
    Cover,
    Declaration,
    DeclarationTaken,
    Employment,
    IdentityChanged,
    NobodyCovered,
    Radiation,
    Rank,
)
from events.fact import Sealed
from feeds import jsonl, kit, table
from feeds.dsn import Taken
from tests.feeds.files import LOT, MONTHLY, outcomes, taken

SAMPLES = Path(table.__file__).parent / "samples"
BASE = Cover(contract_reference="SANTE-EX-0001", insurer_code="P9999", option="BASE", population="NC")
MONTH = Declaration(
    siret="12345678200010",
    nature="01",
    type="normal",
    rank=Rank(built_on=date(2026, 7, 2), number=1),
    month=date(2026, 6, 1),
)


def end_of_contract(number: int, built_on: date, type_: str = "normal", target: Rank | None = None) -> Declaration:
    return Declaration(siret="12345678200010", nature="07", type=type_, rank=Rank(built_on=built_on, number=number), target=target)  # type: ignore[arg-type]


def spell(number: str, starts_on: date, names: tuple[str, str], birth_on: str, nir: str, months: int, nature: str = "01") -> Employment:
    return Employment(
        starts_on=starts_on,
        number=number,
        last_name=Sealed(names[0]),
        first_name=Sealed(names[1]),
        birth_on=Sealed(birth_on),
        nir=Sealed(nir),
        nature=nature,
        seniority_months=months,
    )


DOMINIQUE = spell("00004", date(2026, 2, 1), ("ESSAI", "Dominique"), "1980-04-04", "2800475999005", 5)
CHARLIE = spell("00007", date(2018, 3, 1), ("FAUX", "Charlie"), "1987-07-07", "1870775999007", 100)
ANDREA = spell("00008", date(2026, 4, 1), ("MAQUETTE", "Andréa"), "1997-08-08", "2970875999008", 3, "02")
ALIX = spell("00001", date(2019, 9, 1), ("DÉMO", "Alix"), "1990-01-15", "1900175999001", 81)
RENEE = spell("00002", date(2021, 3, 15), ("L'EXEMPLE", "Renée-Zoé"), "1985-02-02", "2850275999002", 63)
CAMILLE = spell("00003", date(2022, 10, 1), ("TEST", "Camille"), "1995-03-03", "1950375999004", 44)
SACHA = spell("00006", date(2020, 1, 10), ("FACTICE", "Sacha"), "1991-06-06", "1910675999006", 77)
LOU = Employment(
    starts_on=date(2026, 5, 4),
    number="00005",
    last_name=Sealed("SPÉCIMEN"),
    first_name=Sealed("Lou"),
    birth_on=Sealed("1998-05-05"),
    ntt=Sealed("21234567820005"),
    nature="01",
    seniority_months=1,
)


def leaves(of: Declaration, who: Employment, on: date, motive: str, maintained: bool = False) -> Radiation:
    return Radiation(declaration=of, employment=who, covers=(BASE,), cause="employment", ended_on=on, motive=motive, maintained=maintained)


def test_the_lot_tells_five_ends_of_contract_each_with_what_it_replaces_or_cancels() -> None:
    first, third = Rank(built_on=date(2026, 7, 1), number=1001), Rank(built_on=date(2026, 7, 3), number=1003)
    expected = [
        (leaves(d := end_of_contract(1001, date(2026, 7, 1)), DOMINIQUE, date(2026, 6, 30), "043"), d),
        (leaves(d := end_of_contract(1002, date(2026, 7, 3), "replaces", first), DOMINIQUE, date(2026, 6, 28), "043"), d),
        (leaves(d := end_of_contract(1003, date(2026, 7, 3)), CHARLIE, date(2026, 6, 30), "088"), d),
        (leaves(d := end_of_contract(1004, date(2026, 7, 6), "cancels", third), CHARLIE, date(2026, 6, 30), "088"), d),
        (leaves(d := end_of_contract(1005, date(2026, 7, 2)), ANDREA, date(2026, 6, 30), "031", maintained=True), d),
    ]
    told = [outcome.facts for outcome in outcomes(LOT) if isinstance(outcome, Taken)]
    assert told == [(radiation, DeclarationTaken(declaration=d, individuals=1, facts=1)) for radiation, d in expected]


def test_the_month_tells_who_is_covered_who_left_and_who_changed_name() -> None:
    outcome = taken(MONTHLY)
    family = Cover(contract_reference="SANTE-EX-0001", insurer_code="P9999", option="FAMILLE", population="NC")
    since_june = replace(BASE, starts_on=date(2026, 6, 1))
    until_june = replace(BASE, ends_on=date(2026, 6, 15))
    assert outcome.declaration == MONTH
    assert outcome.facts == (
        NobodyCovered(declaration=MONTH, contract_reference="SANTE-EX-0002", insurer_code="P9999"),
        AffiliationSeen(declaration=MONTH, employment=ALIX, covers=(BASE,)),
        IdentityChanged(
            declaration=MONTH, employment=RENEE, covers=(family,), changed_on=date(2026, 6, 6), former_last_name=Sealed("FICTIF")
        ),
        AffiliationSeen(declaration=MONTH, employment=RENEE, covers=(family,)),
        AffiliationSeen(declaration=MONTH, employment=CAMILLE, covers=(BASE,)),
        leaves(MONTH, CAMILLE, date(2026, 6, 20), "059"),
        AffiliationSeen(declaration=MONTH, employment=DOMINIQUE, covers=(BASE,)),
        leaves(MONTH, DOMINIQUE, date(2026, 6, 30), "043"),
        AffiliationSeen(declaration=MONTH, employment=LOU, covers=(since_june,)),
        AffiliationSeen(declaration=MONTH, employment=SACHA, covers=(until_june,)),
        Radiation(declaration=MONTH, employment=SACHA, covers=(until_june,), cause="cover", ended_on=date(2026, 6, 15)),
        DeclarationTaken(declaration=MONTH, individuals=6, facts=11),
    )


def test_the_other_samples_number_an_employment_as_the_lot_does() -> None:
    """Published one after the other, none waits for an employment that the lot numbers otherwise."""
    declared = {who.nir: who.number for who in (DOMINIQUE, CHARLIE)}
    for reader, name in ((table.read, "faits-synthetiques.csv"), (jsonl.read, "faits-synthetiques.jsonl")):
        items = reader(BytesIO((SAMPLES / name).read_bytes()))
        people = [who for item in items if isinstance(item, kit.Item) and (who := getattr(item.fact, "employment", None))]
        assert people
        assert [who.number for who in people] == [declared[who.nir] for who in people]
