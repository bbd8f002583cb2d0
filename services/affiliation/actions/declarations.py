"""What the employer declares (S1:200-218): one newcomer, or a whole file of them, taken together or not at all."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from chassis.ids import uuid7
from chassis.labels import _
from chassis.problems import Invalid
from events import affiliation as told
from services.affiliation import access, rules
from services.affiliation.actions.moves import ONLY_ONE, advance, advance_all, letter
from services.affiliation.config import Work
from services.affiliation.errors import FileRefused
from services.affiliation.lifecycle import Opening, Verb, open_for
from services.affiliation.models import Affiliation, Contract, Establishment
from services.affiliation.rules import Examined, Flaw

Declaration = dict[str, Any]
"""A loaded ``PreAffiliation``."""

DECLARED = (
    "siret",
    "contract_reference",
    "professional_status",
    "starts_on",
    "first_name",
    "last_name",
    "birth_on",
    "nir",
    "email",
    "address",
)
"""What a declaration holds."""

UNKNOWN_SIRET = _("Cet établissement n'est pas dans votre espace.")
UNKNOWN_CONTRACT = _("Ce contrat n'est pas celui de l'entreprise.")
BEFORE_CONTRACT = _("L'affiliation ne peut pas commencer avant le contrat, qui prend effet le {day:%d/%m/%Y}.")
TOO_FAR = _("L'affiliation ne peut pas être déclarée plus de {days} jours à l'avance.")
NOWHERE_TO_SEND = _("Sans adresse e-mail, indiquez l'adresse postale : le formulaire partira par courrier.")
SAME_LINE = _("Même salarié, même contrat que la ligne {line} : une seule des deux peut être prise.")


class Numbered(NamedTuple):
    """A declaration and the line of the file it stands on."""

    line: int
    declaration: Declaration


@dataclass(frozen=True)
class Offer:
    """What the employer may declare to: her establishments by SIRET, their companies' contracts by SIREN and reference."""

    establishments: Mapping[str, Establishment]
    contracts: Mapping[tuple[str, str], Contract]

    @classmethod
    def of(cls, work: Work, sirets: set[str]) -> "Offer":
        places = work.session.scalars(access.visible_establishments(work.actor).where(Establishment.siret.in_(sirets))).all()
        held = access.visible_contracts(work.actor).where(Contract.siren.in_({one.siren for one in places}))
        contracts = work.session.scalars(held).all()
        return cls({one.siret: one for one in places}, {(one.siren, one.reference): one for one in contracts})

    def contract(self, declaration: Declaration) -> Contract | None:
        """The contract that a declaration names, when it is its establishment's."""
        place = self.establishments.get(declaration["siret"])
        return self.contracts.get((place.siren, declaration["contract_reference"])) if place else None


def pre_affiliate(work: Work, declaration: Declaration) -> Affiliation:
    """Declare a newcomer: the form leaves by e-mail when there is one, else by post (S1:214-216).

    Raises ``Invalid`` (another company's contract is unknown) or ``AlreadyAffiliated``.
    """
    offer = Offer.of(work, {declaration["siret"]})
    if flaw := _flaw(work, declaration, offer):
        raise Invalid(errors=[flaw])
    (affiliation,) = _send(work, [declaration], offer)
    return affiliation


def restart(work: Work, affiliation_id: UUID, changes: Declaration) -> Affiliation:
    """Begin again what was abandoned (S1:247): a new journey, linked to the old one, from what the employer had declared and ``changes``.

    What the person had typed is not taken over: the new link may reach somebody else. Raises as :func:`pre_affiliate` does.
    """
    old = access.affiliation(work, affiliation_id, to_change=True)
    advance(work, old, Verb.RESTART)
    declared = {name: getattr(old, name) for name in DECLARED}
    affiliation = pre_affiliate(work, declared | changes)
    affiliation.restarts = old.id
    return affiliation


@dataclass(frozen=True)
class Batch:
    """Declarations that were examined and can be taken together."""

    declarations: Sequence[Numbered]
    offer: Offer
    examined: Examined


def examine(work: Work, declarations: Sequence[Numbered], unreadable: Sequence[tuple[int, Flaw]] = ()) -> Batch:
    """All that is wrong with declarations, those that could not even be read included, and what looks like a duplicate."""
    offer = Offer.of(work, _sirets(declarations))
    flaws = sorted([*unreadable, *_flaws(work, declarations, offer)], key=lambda flaw: flaw[0])
    lines = len({line for line, _said in [*declarations, *unreadable]})
    return Batch(declarations, offer, Examined(lines, flaws, list(_warnings(work, declarations))))


def pre_affiliate_all(work: Work, batch: Batch) -> list[Affiliation]:
    """Declare all of them, or none. Raises ``FileRefused``, or ``AlreadyAffiliated`` when somebody else was faster."""
    if batch.examined.flaws:
        raise FileRefused.of(batch.examined.flaws)
    work.audit("affiliation.imported", f"account:{work.actor.account_id}", lines=len(batch.declarations))
    return _send(work, [one.declaration for one in batch.declarations], batch.offer)


def _sirets(declarations: Sequence[Numbered]) -> set[str]:
    return {one.declaration["siret"] for one in declarations}


def _send(work: Work, declarations: Sequence[Declaration], offer: Offer) -> list[Affiliation]:
    born = [_born(work, declaration, offer) for declaration in declarations]
    advance_all(work, born, Verb.PRE_AFFILIATE)
    for affiliation in born:
        work.emit(told.Sent(**letter(affiliation)))
    return born


def _born(work: Work, declaration: Declaration, offer: Offer) -> Affiliation:
    establishment, contract = offer.establishments[declaration["siret"]], offer.contract(declaration)
    assert contract is not None
    affiliation = Affiliation(
        **declaration,
        id=uuid7(),
        brand=work.brand_key,
        siren=establishment.siren,
        establishment_name=establishment.name,
        contract_label=contract.label,
        person_key=_person_key(declaration),
        medium="email" if declaration.get("email") else "post",
        sent_at=work.now,
        remind_at=rules.next_reminder(work.now, work.brand.own.relaunch.automatic_days, work.now),
    )
    affiliation.wait(work.now, work.brand.own.expiry_days)
    return affiliation


def _person_key(declaration: Declaration) -> str:
    return rules.person_key(declaration["last_name"], declaration["first_name"])


def _flaw(work: Work, declaration: Declaration, offer: Offer) -> Flaw | None:
    """The first thing that keeps one declaration from being taken, whatever else was declared."""
    if declaration["siret"] not in offer.establishments:
        return {"field": "siret", "message": UNKNOWN_SIRET}
    contract, most = offer.contract(declaration), work.brand.own.most_days_ahead
    if contract is None:
        return {"field": "contract_reference", "message": UNKNOWN_CONTRACT}
    if declaration["starts_on"] < contract.starts_on:
        return {"field": "starts_on", "message": BEFORE_CONTRACT.format(day=contract.starts_on)}
    if declaration["starts_on"] > work.today + timedelta(days=most):
        return {"field": "starts_on", "message": TOO_FAR.format(days=most)}
    if not declaration.get("email") and not declaration.get("address"):
        return {"field": "address", "message": NOWHERE_TO_SEND}
    return rules.birth_refusal(declaration.get("nir"), declaration.get("birth_on"), work.today)


def _flaws(work: Work, declarations: Sequence[Numbered], offer: Offer) -> Iterator[tuple[int, Flaw]]:
    taken, seen = _taken(work, declarations), dict[tuple[Any, ...], int]()
    for line, declaration in declarations:
        flaw = _flaw(work, declaration, offer) or _repeated(declaration, taken)
        first = seen.setdefault(_journey(declaration), line)
        if flaw is None and first != line:
            flaw = {"field": "last_name", "message": SAME_LINE.format(line=first)}
        if flaw:
            yield line, flaw


Taken = Mapping[tuple[Any, ...], str]
"""Keys that are not free any more, each with the sentence that says so."""


def _taken(work: Work, declarations: Sequence[Numbered]) -> Taken:
    journeys, periods = open_for(Opening.JOURNEY), ONLY_ONE["uq_affiliation_one_period"]
    taken: dict[tuple[Any, ...], str] = {}
    for one in _namesakes(work, declarations):
        key = (one.siret, one.contract_reference, one.person_key, one.birth_on)
        taken[(*key, one.starts_on)] = periods
        if one.status in journeys:
            taken[key] = ONLY_ONE["uq_affiliation_one_journey"]
    return taken


def _journey(declaration: Declaration) -> tuple[Any, ...]:
    """The key under which one person has one journey."""
    return declaration["siret"], declaration["contract_reference"], _person_key(declaration), declaration.get("birth_on")


def _repeated(declaration: Declaration, taken: Taken) -> Flaw | None:
    key = _journey(declaration)
    sentence = taken.get(key) or taken.get((*key, declaration["starts_on"]))
    return {"field": "last_name", "message": sentence} if sentence else None


def _namesakes(work: Work, declarations: Sequence[Numbered]) -> Sequence[Affiliation]:
    """Live affiliations of people of these names in these establishments."""
    return access.namesakes(work, _sirets(declarations), {_person_key(one.declaration) for one in declarations})


def _warnings(work: Work, declarations: Sequence[Numbered]) -> Iterator[tuple[int, str]]:
    known: dict[tuple[str, str], list[Affiliation]] = defaultdict(list)
    for one in _namesakes(work, declarations):
        known[one.siret, one.person_key].append(one)
    for line, declaration in declarations:
        for twin in known[declaration["siret"], _person_key(declaration)]:
            if rules.may_be_born(declaration.get("birth_on"), twin.birth_on):
                yield line, rules.twin_sentence(twin.contract_label, twin.status.label, twin.status_on)
