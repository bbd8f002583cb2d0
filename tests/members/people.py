"""The people of the stories: a company, its contract, its employees, and what their payroll says."""

import uuid
from datetime import date
from typing import Any

from chassis.actor import Actor
from chassis.testing import Bench
from events.affiliation import Dependent, Finalised
from events.dsn import Cover, Declaration, Employment, Radiation, Rank
from events.employers import CompanyRegistered, EstablishmentRegistered
from events.fact import Sealed
from identifiers.invented import iban
from identifiers.nir import key_of

SIREN, SIRET, ELSEWHERE = "123456782", "12345678200010", "12345678200028"
CONTRACT = "SANTE-EX-0001"
CASEWORKER = Actor(kind="caseworker", brand="hcr", account_id=uuid.UUID(int=1), grants={"platform": "handle"}, strong=True)
EMPLOYER = Actor(kind="employer", brand="hcr", account_id=uuid.UUID(int=2), grants={SIREN: "administrator"}, strong=True)
STRANGER = Actor(kind="employer", brand="hcr", account_id=uuid.UUID(int=3), grants={"552100554": "administrator"}, strong=True)

DOMINIQUE = {"nir13": "2800475999005", "first_name": "Dominique", "last_name": "ESSAI", "birth_on": date(1980, 4, 4)}
CHARLIE = {"nir13": "1870775999007", "first_name": "Charlie", "last_name": "FAUX", "birth_on": date(1987, 7, 7)}
ANDREA = {"nir13": "2970875999008", "first_name": "Andréa", "last_name": "MAQUETTE", "birth_on": date(1997, 8, 8)}

CONTRACT_FORM: dict[str, Any] = {
    "siren": SIREN,
    "reference": CONTRACT,
    "insurer_code": "P9999",
    "label": "BASE CCN HCR NC SEUL RG",
    "population": "NC",
    "starts_on": "2018-01-01",
    "guarantees": [
        {"domain": "PHAR", "label": "Pharmacie", "level": "100 % BR"},
        {"domain": "HOSP", "label": "Hospitalisation", "level": "200 % BR"},
    ],
    "card": {"amc_number": "0123456789", "convention_type": "SP", "csr": "A1", "responsible": True},
}


def register(bench: Bench) -> None:
    """The company is known, with its restaurant."""
    bench.tell(
        CompanyRegistered(siren=SIREN, company_name="SOCIETE FICTIVE", insurer="klesia"),
        EstablishmentRegistered(siret=SIRET, siren=SIREN, establishment_name="RESTAURANT FICTIF"),
    )


def settle_in(bench: Bench) -> None:
    """The company is known and its contract is open."""
    register(bench)
    answer = bench.as_(CASEWORKER).post("/contracts", json=CONTRACT_FORM)
    assert answer.status_code == 201, answer.json


def finalised(who: dict[str, Any], starts_on: date = date(2026, 2, 1), **options: Any) -> Finalised:
    """The form of somebody came back."""
    return Finalised(
        affiliation_id=options.pop("affiliation_id", None) or uuid.uuid4(),
        siren=options.get("siret", SIRET)[:9],
        siret=options.pop("siret", SIRET),
        contract_reference=options.pop("contract_reference", CONTRACT),
        professional_status="ACTIF NON CADRE",
        starts_on=starts_on,
        first_name=Sealed(who["first_name"]),
        last_name=Sealed(who["last_name"]),
        birth_on=Sealed(who["birth_on"].isoformat()),
        nir=Sealed(who["nir13"] + key_of(who["nir13"])),
        iban=Sealed(iban(who["last_name"])),
        email=Sealed(options.pop("email", f"{who['first_name'].casefold()}@exemple.fr")),
        **options,
    )


def spouse(first_name: str = "Alex") -> Dependent:
    return Dependent(kinship="spouse", first_name=Sealed(first_name), last_name=Sealed("ESSAI"), birth_on=Sealed("1979-01-02"))


def child(first_name: str = "Lou") -> Dependent:
    return Dependent(kinship="child", first_name=Sealed(first_name), last_name=Sealed("ESSAI"), birth_on=Sealed("2012-05-06"))


def employment(who: dict[str, Any], starts_on: date = date(2026, 2, 1), number: str = "00004", **options: Any) -> Employment:
    return Employment(
        starts_on=starts_on,
        number=number,
        last_name=Sealed(who["last_name"]),
        first_name=Sealed(who["first_name"]),
        birth_on=Sealed(who["birth_on"].isoformat()),
        nir=Sealed(who["nir13"]),
        **options,
    )


def rank(number: int, day: int = 1, month: int = 7) -> Rank:
    return Rank(built_on=date(2026, month, day), number=number)


def declaration(number: int, day: int = 1, **options: Any) -> Declaration:
    """An FCTU of July 2026 unless told otherwise; ``target`` makes it replace."""
    at = options.pop("at", None) or rank(number, day)
    kind = options.pop("type", "replaces" if options.get("target") else "normal")
    return Declaration(siret=options.pop("siret", SIRET), nature=options.pop("nature", "07"), type=kind, rank=at, **options)


def cover(reference: str = CONTRACT, **options: Any) -> Cover:
    return Cover(contract_reference=reference, insurer_code="P9999", **options)


def ends(said: Declaration, spell: Employment, ended_on: date = date(2026, 6, 30), motive: str | None = "043", **options: Any) -> Radiation:
    """Somebody's employment ended (or only the cover, when there is no motive)."""
    return Radiation(
        declaration=said,
        employment=spell,
        covers=options.pop("covers", (cover(),)),
        cause="employment" if motive else "cover",
        ended_on=ended_on,
        motive=motive,
        **options,
    )


def member(bench: Bench, who: dict[str, Any]) -> Actor:
    """The signed-in member."""
    from services.members.models import Person

    with bench.running.working() as work:
        person = work.session.query(Person).filter_by(first_name=who["first_name"]).one()
    return Actor(kind="member", brand="hcr", space="assure", account_id=uuid.uuid4(), reference=f"person:{person.id}", strong=True)
