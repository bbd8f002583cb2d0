"""What is wrong with declarations before any is taken, and what is only odd: one that is being typed, or a whole file of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from chassis.labels import _
from services.affiliation import access, rules
from services.affiliation.actions.moves import ONLY_ONE
from services.affiliation.config import Work
from services.affiliation.lifecycle import Opening, open_for
from services.affiliation.models import Affiliation, Contract, Establishment
from services.affiliation.rules import Examined, Flaw

Declaration = dict[str, Any]
"""A loaded ``PreAffiliation``, or as much of one as was typed."""
Key = tuple[Any, ...]

UNKNOWN_SIRET = _("Cet établissement n'est pas dans votre espace.")
UNKNOWN_CONTRACT = _("Ce contrat n'est pas celui de l'entreprise.")
BEFORE_CONTRACT = _("L'affiliation ne peut pas commencer avant le contrat, qui prend effet le {day:%d/%m/%Y}.")
TOO_FAR = _("L'affiliation ne peut pas être déclarée plus de {days} jours à l'avance.")
NOWHERE_TO_SEND = _("Sans adresse e-mail, indiquez l'adresse postale : le formulaire partira par courrier.")
SAME_LINE = _("Même salarié, même contrat que la ligne {line} : une seule des deux peut être prise.")
TWIN_LINE = _("Même nom, même établissement que la ligne {line} : vérifiez qu'il ne s'agit pas d'un doublon.")


class Numbered(NamedTuple):
    """A declaration, the line of the file it stands on, and how its person is recognised."""

    line: int
    declaration: Declaration
    person_key: str

    @classmethod
    def of(cls, line: int, declaration: Declaration) -> "Numbered":
        return cls(line, declaration, rules.person_key(declaration.get("last_name", ""), declaration.get("first_name", "")))

    @property
    def journey(self) -> Key:
        """The key under which one person has one journey."""
        said = self.declaration
        return said.get("siret"), said.get("contract_reference"), self.person_key, said.get("birth_on")

    @property
    def whole(self) -> bool:
        """Whether everything that a declaration needs was typed."""
        return all(map(self.declaration.get, NEEDED))


NEEDED = ("siret", "contract_reference", "professional_status", "starts_on", "first_name", "last_name")


@dataclass(frozen=True)
class Offer:
    """What may be declared to: establishments by SIRET, their companies' contracts by SIREN and reference."""

    establishments: Mapping[str, Establishment]
    contracts: Mapping[tuple[str, str], Contract]

    @classmethod
    def of(cls, work: Work, sirets: Collection[str]) -> "Offer":
        places = work.session.scalars(access.visible_establishments(work.actor).where(Establishment.siret.in_(sirets))).all()
        held = access.visible_contracts(work.actor).where(Contract.siren.in_({one.siren for one in places}))
        contracts = work.session.scalars(held).all()
        return cls({one.siret: one for one in places}, {(one.siren, one.reference): one for one in contracts})

    def contract(self, declaration: Declaration) -> Contract | None:
        """The contract that a declaration names, when it is its establishment's."""
        place = self.establishments.get(declaration["siret"])
        return self.contracts.get((place.siren, declaration["contract_reference"])) if place else None


@dataclass(frozen=True)
class Batch:
    """Declarations that were examined and can be taken together when ``examined`` has no flaw."""

    declarations: Sequence[Numbered]
    offer: Offer
    examined: Examined


def examine(work: Work, declarations: Sequence[Numbered], unreadable: Sequence[tuple[int, Flaw]] = ()) -> Batch:
    """All that is wrong with declarations, those that could not even be read included, and what looks like a duplicate.

    Raises ``Forbidden`` for who only reads.
    """
    access.require_hands(work.actor)
    sirets = {one.declaration["siret"] for one in declarations if one.declaration.get("siret")}
    offer, known = Offer.of(work, sirets), access.namesakes(work, sirets, {one.person_key for one in declarations})
    flaws = sorted([*unreadable, *_flaws(work, declarations, offer, known)], key=lambda flaw: flaw[0])
    warnings = sorted([*_twins(declarations, known), *_twin_lines(declarations)])
    lines = len({one.line for one in declarations} | {line for line, _said in unreadable})
    return Batch(declarations, offer, Examined(lines, flaws, warnings))


def _flaws(work: Work, declarations: Sequence[Numbered], offer: Offer, known: Sequence[Affiliation]) -> Iterator[tuple[int, Flaw]]:
    taken, seen = _taken(known), dict[Key, int]()
    for one in declarations:
        flaw = first_flaw(work, one, offer) or _repeated(one, taken)
        first = seen.setdefault(one.journey, one.line) if one.whole else one.line
        if flaw is None and first != one.line:
            flaw = {"field": "last_name", "message": SAME_LINE.format(line=first)}
        if flaw:
            yield one.line, flaw


def first_flaw(work: Work, one: Numbered, offer: Offer) -> Flaw | None:
    """The first thing that keeps one declaration from being taken, whatever else was declared; of one that is being typed, only what
    can be told already."""
    for needs, check in CHECKS:
        if all(map(one.declaration.get, needs)) and (flaw := check(work, one, offer)):
            return flaw
    return None


def _place(work: Work, one: Numbered, offer: Offer) -> Flaw | None:
    return None if one.declaration["siret"] in offer.establishments else {"field": "siret", "message": UNKNOWN_SIRET}


def _contract(work: Work, one: Numbered, offer: Offer) -> Flaw | None:
    return None if offer.contract(one.declaration) else {"field": "contract_reference", "message": UNKNOWN_CONTRACT}


def _beginning(work: Work, one: Numbered, offer: Offer) -> Flaw | None:
    contract = offer.contract(one.declaration)
    if contract is None or one.declaration["starts_on"] >= contract.starts_on:
        return None
    return {"field": "starts_on", "message": BEFORE_CONTRACT.format(day=contract.starts_on)}


def _not_too_far(work: Work, one: Numbered, offer: Offer) -> Flaw | None:
    most = work.brand.own.most_days_ahead
    if one.declaration["starts_on"] <= work.today + timedelta(days=most):
        return None
    return {"field": "starts_on", "message": TOO_FAR.format(days=most)}


def _somewhere_to_send(work: Work, one: Numbered, offer: Offer) -> Flaw | None:
    if one.declaration.get("email") or one.declaration.get("address"):
        return None
    return {"field": "address", "message": NOWHERE_TO_SEND}


def _birth(work: Work, one: Numbered, offer: Offer) -> Flaw | None:
    return rules.birth_refusal(one.declaration.get("nir"), one.declaration["birth_on"], work.today)


Check = Callable[[Work, Numbered, Offer], Flaw | None]
CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("siret",), _place),
    (("siret", "contract_reference"), _contract),
    (("siret", "contract_reference", "starts_on"), _beginning),
    (("starts_on",), _not_too_far),
    (NEEDED, _somewhere_to_send),
    (("birth_on",), _birth),
)
"""What a declaration is held to, each with what must have been typed to tell."""


def _taken(known: Sequence[Affiliation]) -> Mapping[Key, str]:
    """Keys that are not free any more, each with the sentence that says so."""
    journeys, periods = open_for(Opening.JOURNEY), ONLY_ONE["uq_affiliation_one_period"]
    taken: dict[Key, str] = {}
    for one in known:
        key = (one.siret, one.contract_reference, one.person_key, one.birth_on)
        taken[(*key, one.starts_on)] = periods
        if one.status in journeys:
            taken[key] = ONLY_ONE["uq_affiliation_one_journey"]
    return taken


def _repeated(one: Numbered, taken: Mapping[Key, str]) -> Flaw | None:
    sentence = taken.get(one.journey) or taken.get((*one.journey, one.declaration.get("starts_on")))
    return {"field": "last_name", "message": sentence} if sentence else None


def _twins(declarations: Sequence[Numbered], known: Sequence[Affiliation]) -> Iterator[tuple[int, str]]:
    """Live affiliations that look like a declaration."""
    alike: dict[tuple[str, str], list[Affiliation]] = defaultdict(list)
    for twin in known:
        alike[twin.siret, twin.person_key].append(twin)
    for line, said, person_key in declarations:
        for twin in alike.get((said.get("siret", ""), person_key), ()):
            if rules.may_be_born(said.get("birth_on"), twin.birth_on):
                yield line, rules.twin_sentence(twin.contract_label, twin.status.label, twin.status_on)


def _twin_lines(declarations: Sequence[Numbered]) -> Iterator[tuple[int, str]]:
    """Lines of the same file that look like one another; those that are the same are refused elsewhere."""
    earlier: dict[tuple[Any, str], list[Numbered]] = defaultdict(list)
    for one in declarations:
        alike = earlier[one.declaration.get("siret"), one.person_key]
        for twin in alike:
            if twin.journey != one.journey and rules.may_be_born(one.declaration.get("birth_on"), twin.declaration.get("birth_on")):
                yield one.line, TWIN_LINE.format(line=twin.line)
                break
        alike.append(one)
