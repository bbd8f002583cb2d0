"""Finalised affiliations become people, their dependents and their rights (S1:246). A list at a time: bulk read, bulk write."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.dialects.postgresql import insert

from chassis.work import Told
from events.affiliation import Dependent as Declared
from events.affiliation import Finalised
from events.fact import Sealed, opened, seal
from events.members import PersonRegistered, RightsOpened
from identifiers.text import folded
from services.members.access.payroll import keys_of, named
from services.members.access.rights import ContractKey, contract_labels, opened_for
from services.members.actions import anomalies
from services.members.actions.payroll import settle
from services.members.config import Work
from services.members.lifecycle import Move, Status
from services.members.models import Dependent, Movement, Numbering, Person, PersonKey, Rights, person_key, search_name
from services.members.rules import reasons
from services.members.rules.months import span

SPOUSE = "spouse"
CONTACTS = ("email", "phone", "address")
Who = tuple[str, bytes]
"""A brand, and the fingerprint of a NIR."""


@dataclass(frozen=True)
class Form:
    """A form that came back, the work it causes, and whom it names."""

    work: Work
    fact: Finalised
    who: Who

    @property
    def contract(self) -> ContractKey:
        return self.work.brand_key, self.fact.siren, self.fact.contract_reference


def enrol_all(work: Work, tolds: Sequence[Told[Finalised]]) -> None:
    """Open the rights of finalised forms, then let the payroll facts that waited for them speak. The same affiliation, or the same spell
    told twice, opens nothing more."""
    forms = [_form(work.because(told), told.fact) for told in tolds]
    people = _people(work, forms)
    _open(work, forms, people)
    keys = keys_of(work, {person.id for person in people.values()})
    settle(work, keys)
    months = {span(form.fact.siret, form.fact.starts_on, None) for form in forms}
    anomalies.review(work, keys, months, {person.id for person in people.values()})


def _form(work: Work, fact: Finalised) -> Form:
    key = person_key(fact.nir.value)
    assert key is not None
    return Form(work, fact, (work.brand_key, key))


def _people(work: Work, forms: Sequence[Form]) -> dict[Who, Person]:
    """Whom the forms' NIRs name in their brands, or somebody new. What was known stays: a form only fills in what was missing."""
    known = named(work, {form.who for form in forms})
    strangers: dict[Who, Form] = {}
    for form in forms:
        if form.who not in known:
            strangers.setdefault(form.who, form)
    people = {**known, **_register(work, strangers)}
    for form in forms:
        if _fill_in(people[form.who], form.fact) or strangers.get(form.who) is form:
            form.work.emit(_registered(people[form.who]))
    return people


def _register(work: Work, strangers: Mapping[Who, Form]) -> dict[Who, Person]:
    numbers = {brand: _numbers(work.for_brand(brand), many) for brand, many in sorted(Counter(brand for brand, _ in strangers).items())}
    people = {who: _person(form, next(numbers[form.work.brand_key])) for who, form in strangers.items()}
    work.session.add_all(people.values())
    work.session.flush()
    work.session.add_all(PersonKey(brand=brand, fingerprint=key, person_id=person.id) for (brand, key), person in people.items())
    for who, person in people.items():
        strangers[who].work.audit("person.registered", f"person:{person.id}")
    return people


def _person(form: Form, member_number: str) -> Person:
    first_name, last_name = form.fact.first_name.value, form.fact.last_name.value
    return Person(
        brand=form.work.brand_key,
        member_number=member_number,
        first_name=first_name,
        last_name=last_name,
        search_name=search_name(last_name, first_name),
        birth_on=date.fromisoformat(form.fact.birth_on.value),
        nir=form.fact.nir.value,
        iban=form.fact.iban.value,
        registered_at=form.work.now,
        **{name: opened(getattr(form.fact, name)) for name in CONTACTS},
    )


def _fill_in(person: Person, fact: Finalised) -> bool:
    """Whether the form told a contact that was missing. Knowing somebody's number is no proof: birth date and last name must agree too."""
    if not _agree(person, fact):
        return False
    missing = {name: opened(getattr(fact, name)) for name in CONTACTS if getattr(person, name) is None}
    given = {name: value for name, value in missing.items() if value}
    for name, value in given.items():
        setattr(person, name, value)
    return bool(given)


def _agree(person: Person, fact: Finalised) -> bool:
    return person.birth_on.isoformat() == fact.birth_on.value and folded(person.last_name) == folded(fact.last_name.value)


def _registered(person: Person) -> PersonRegistered:
    return PersonRegistered(
        person_id=person.id,
        first_name=Sealed(person.first_name),
        last_name=Sealed(person.last_name),
        email=seal(person.email),
        phone=seal(person.phone),
    )


def _numbers(work: Work, many: int) -> Iterator[str]:
    """New member numbers of a brand: its letters, then nine digits; the counter's row is locked until the commit."""
    start = insert(Numbering).values(brand=work.brand_key, last=many)
    statement = start.on_conflict_do_update(index_elements=["brand"], set_={"last": Numbering.last + many}).returning(Numbering.last)
    last = work.session.execute(statement).scalar_one()
    return (f"{work.brand.own.card.number_prefix}{number:09d}" for number in range(last - many + 1, last + 1))


def _open(work: Work, forms: Sequence[Form], people: Mapping[Who, Person]) -> None:
    fresh = sorted(_fresh(work, forms, people), key=_in_one_order)
    work.session.add_all(rights for _, rights in fresh)
    work.session.flush()
    work.session.add_all(row for form, rights in fresh for row in _around(form, rights))
    labels = contract_labels(work, {form.contract for form, _ in fresh})
    for form, rights in fresh:
        form.work.emit(_opened(form, rights, labels.get(form.contract, rights.contract_reference)))
        form.work.audit("rights.opened", f"rights:{rights.id}", affiliation=str(rights.affiliation_id))


def _in_one_order(opened: tuple[Form, Rights]) -> tuple[object, ...]:
    """Two workers who open the same rights at once write them in the same order: one waits for the other, and never both."""
    rights = opened[1]
    return str(rights.person_id), rights.contract_reference, rights.opened_siret, rights.starts_on


def _fresh(work: Work, forms: Sequence[Form], people: Mapping[Who, Person]) -> Iterator[tuple[Form, Rights]]:
    """The rights that no affiliation opened yet."""
    old = opened_for(work, {form.fact.affiliation_id for form in forms}, {person.id for person in people.values()})
    taken: set[object] = {key for row in old for key in _names(row)}
    for form in forms:
        rights = _rights(form, people[form.who])
        if taken.isdisjoint(_names(rights)):
            taken.update(_names(rights))
            yield form, rights


def _names(row: Rights) -> tuple[object, object]:
    """The two keys under which rights are opened once: their affiliation, and their spell."""
    return row.affiliation_id, (row.person_id, row.contract_reference, row.opened_siret, row.starts_on)


def _rights(form: Form, person: Person) -> Rights:
    fact = form.fact
    return Rights(
        brand=form.work.brand_key,
        person_id=person.id,
        search_name=person.search_name,
        affiliation_id=fact.affiliation_id,
        siren=fact.siren,
        siret=fact.siret,
        opened_siret=fact.siret,
        contract_reference=fact.contract_reference,
        professional_status=fact.professional_status,
        spouse_covered=any(dependent.kinship == SPOUSE for dependent in fact.dependents),
        starts_on=fact.starts_on,
        status=Status.ACTIVE,
        reason=reasons.opened(fact.starts_on),
        source="affiliation",
    )


def _around(form: Form, rights: Rights) -> Iterator[Dependent | Movement]:
    """Whom the rights cover too, and the first line of their history."""
    yield from (_dependent(rights, rank, declared) for rank, declared in enumerate(form.fact.dependents, start=1))
    yield Movement(rights_id=rights.id, at=form.work.now, move=Move.OPEN, status=rights.status, reason=rights.reason, source=rights.source)


def _dependent(rights: Rights, rank: int, declared: Declared) -> Dependent:
    return Dependent(
        rights_id=rights.id,
        rank=rank,
        kinship=declared.kinship,
        first_name=declared.first_name.value,
        last_name=declared.last_name.value,
        birth_on=date.fromisoformat(declared.birth_on.value),
        nir=opened(declared.nir),
    )


def _opened(form: Form, rights: Rights, contract_label: str) -> RightsOpened:
    return RightsOpened(
        rights_id=rights.id,
        person_id=rights.person_id,
        affiliation_id=rights.affiliation_id,
        siren=rights.siren,
        siret=rights.siret,
        contract_label=contract_label,
        starts_on=rights.starts_on,
    )
