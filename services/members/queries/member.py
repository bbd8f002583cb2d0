"""The member's own screens: rights, contracts with their guarantees, beneficiaries, and the card (S0:156-188)."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from chassis.labels import _
from chassis.problems import NotFound
from identifiers import nir
from identifiers.text import folded
from services.members.access import rights as access
from services.members.access.rights import Line
from services.members.config import Work
from services.members.errors import CardRefused
from services.members.lifecycle import LABELS, Status
from services.members.models import VAULT, Dependent, Rights
from services.members.queries import views
from services.members.rules import card as rules
from services.members.rules.card import Beneficiary, Card
from services.members.rules.motives import Motives

HOLDER = _("Assuré")


def my_rights(work: Work) -> dict[str, Any]:
    """Everything the member is or was covered by, the latest first."""
    table = work.brand.own.motive_table
    return {"items": [{**views.place(line), **views.standing(line[0], table)} for line in _own(work)]}


def my_contracts(work: Work) -> dict[str, Any]:
    """The member's contracts with what they guarantee."""
    table = work.brand.own.motive_table
    return {"items": [_contract(line, table) for line in _own(work)]}


def my_beneficiaries(work: Work) -> dict[str, Any]:
    """Who is or was covered: the member, then each dependent once, whatever the number of rights (NIR masked)."""
    lines = _own(work)
    if not lines:
        return {"items": []}
    person = access.person(work, access.own_person_id(work.actor))
    holder = {
        "kinship": "member",
        "kinship_label": HOLDER,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "birth_on": person.birth_on,
        "nir_masked": nir.masked(person.nir),
        "covered": any(rights.covers(work.today) for rights, *_ in lines),
    }
    rights = {line[0].id: line[0] for line in lines}
    return {"items": [holder, *_family(access.dependents(work, rights), rights, work)]}


def my_contact(work: Work) -> dict[str, Any]:
    """Where one is reached beside one's e-mail and mobile, which identity keeps (S0:275-281). Raises ``NotFound``."""
    person = access.person(work, access.own_person_id(work.actor))
    return {"landline": person.landline, "address": person.address}


def my_card(work: Work) -> Card:
    """Today's card. Raises ``CardRefused`` (before the first covered day, from the day after the last one), ``NotFound``."""
    rights, person, contract, establishment = _carded(work)
    if contract is None:
        raise CardRefused(_("Votre contrat est en cours d'enregistrement : la carte sera disponible ensuite."))
    period = rules.period(rights.starts_on, rights.ends_on, work.today)
    number = rules.Block(contract.amc_number, contract.convention_type, contract.csr, person.member_number, *period)
    words = work.brands[rights.brand].own
    return Card(
        brand=rights.brand,
        name=words.card.name,
        regime=words.regime,
        mention=words.card.mention,
        contract_label=contract.label,
        employer=establishment.name if establishment else rights.siret,
        block=number,
        responsible=contract.responsible,
        check=rules.check(VAULT.fingerprint(f"card:{rules.signed(number, contract.responsible)}")),
        beneficiaries=(
            Beneficiary(HOLDER, person.last_name, person.first_name, person.birth_on, nir.spaced(person.nir)),
            *(_line(row, person.nir) for row in access.dependents(work, [rights.id])),
        ),
        guarantees=tuple(rules.Guarantee(**guarantee) for guarantee in contract.guarantees),
    )


def _own(work: Work) -> list[Line]:
    return list(work.session.execute(access.latest_first(access.visible_lines(work.actor))).all())


def _carded(work: Work) -> Line:
    """The latest rights in force today. Raises ``CardRefused`` with the reason of the latest of all, ``NotFound`` without any."""
    lines = _own(work)
    if not lines:
        raise NotFound
    in_force = [line for line in lines if line[0].covers(work.today)]
    if not in_force:
        raise _refused(min((line[0] for line in lines), key=lambda rights: _distance(rights, work)), work)
    return in_force[0]


def _distance(rights: Rights, work: Work) -> int:
    """Days between today and the nearest covered day."""
    nearest = rights.starts_on if work.today < rights.starts_on else rights.ends_on or work.today
    return abs((work.today - nearest).days)


def _refused(rights: Rights, work: Work) -> CardRefused:
    if work.today < rights.starts_on:
        sentence = _("Votre carte sera disponible le {day}, premier jour de vos droits.")
        return CardRefused(sentence.format(day=rules.day(rights.starts_on)), starts_on=rights.starts_on.isoformat(), reason=rights.reason)
    assert rights.ends_on is not None
    sentence = _("Votre carte n'est plus valable depuis le {day}. {reason}")
    since = rules.day_after(rights.ends_on)
    detail = sentence.format(day=rules.day(since), reason=rights.reason)
    return CardRefused(detail, ends_on=rights.ends_on.isoformat(), reason=rights.reason, status_label=LABELS[Status(rights.status)])


def _contract(line: Line, table: Motives) -> dict[str, Any]:
    contract = line[2]
    known = {"population": contract.population, "guarantees": contract.guarantees} if contract else {"population": "", "guarantees": []}
    return {**views.place(line), **views.standing(line[0], table), **known}


def _family(rows: Iterable[Dependent], rights: Mapping[uuid.UUID, Rights], work: Work) -> list[dict[str, Any]]:
    """A hiring again, or a second employer, declares the same people again: what covers them today speaks first."""
    shown: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: not rights[row.rights_id].covers(work.today)):
        shown.setdefault((folded(row.last_name), folded(row.first_name), str(row.birth_on)), _dependent(row, rights[row.rights_id], work))
    return list(shown.values())


def _dependent(row: Dependent, rights: Rights, work: Work) -> dict[str, Any]:
    return {
        "kinship": row.kinship,
        "kinship_label": views.KINSHIP[row.kinship],
        "first_name": row.first_name,
        "last_name": row.last_name,
        "birth_on": row.birth_on,
        "nir_masked": nir.masked(row.nir) if row.nir else None,
        "covered": rights.covers(work.today),
    }


def _line(row: Dependent, member_nir: str) -> Beneficiary:
    """A line of the card; whoever has no number yet is known by the member's."""
    return Beneficiary(views.KINSHIP[row.kinship], row.last_name, row.first_name, row.birth_on, nir.spaced(row.nir or member_nir))
