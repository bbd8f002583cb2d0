"""What the employer does (S1:200-218, 249), and the delay in her place: pre-affiliate, relaunch, abandon."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from chassis.labels import _
from chassis.problems import Invalid
from chassis.work import PARIS
from events import affiliation as told
from events.fact import Sealed, seal
from services.affiliation import access, rules
from services.affiliation.actions.moves import advance
from services.affiliation.config import Work
from services.affiliation.errors import AbandonReserved, NoRelaunchLeft, TooSoonToRelaunch
from services.affiliation.lifecycle import Verb, after, done
from services.affiliation.models import Affiliation, Contract, Establishment

UNKNOWN_SIRET = _("Cet établissement n'est pas dans votre espace.")
UNKNOWN_CONTRACT = _("Ce contrat n'est pas celui de l'entreprise.")
BEFORE_CONTRACT = _("L'affiliation ne peut pas commencer avant le contrat, qui prend effet le {day:%d/%m/%Y}.")
TOO_FAR = _("L'affiliation ne peut pas être déclarée plus de {days} jours à l'avance.")
NOWHERE_TO_SEND = _("Sans adresse e-mail, indiquez l'adresse postale : le formulaire partira par courrier.")
POSSIBLE_AT = _("La prochaine relance sera possible le {at:%d/%m/%Y} à {at:%H h %M}.")
RELAUNCHED_ENOUGH = _("{most} relances ont été envoyées : c'est le maximum. Contactez directement votre salarié.")
ONLY_SILENCE = _("Elle s'éteindra d'elle-même après {days} jours sans réponse du salarié.")
EXPIRED_AT_ONCE = 100
"""How many journeys one transaction of the timer ends."""


def pre_affiliate(work: Work, declaration: dict[str, Any]) -> Affiliation:
    """Declare a newcomer: the form leaves by e-mail when there is one, else by post (S1:214-216).

    ``declaration`` is a loaded ``PreAffiliation``. Raises ``Invalid`` (another company's contract is unknown) or ``AlreadyAffiliated``.
    """
    establishment, contract = _held(work, declaration)
    _refuse_incoherence(work, declaration, contract)
    affiliation = _born(work, declaration, establishment, contract)
    advance(work, affiliation, Verb.PRE_AFFILIATE, medium=affiliation.medium)
    work.emit(told.Sent(**_letter(affiliation)))
    return affiliation


def relaunch(work: Work, affiliation_id: UUID) -> Affiliation:
    """Remind an employee who has not answered (S1:249), by what reaches him today. Raises ``TooSoonToRelaunch`` or ``NoRelaunchLeft``."""
    affiliation = access.affiliation(work, affiliation_id, to_change=True)
    after(affiliation.status, Verb.RELAUNCH)
    _refuse_haste(work, affiliation)
    affiliation.wait(work.now, work.brand.own.expiry_days)
    advance(work, affiliation, Verb.RELAUNCH, medium=affiliation.reached_by[0])
    work.emit(told.Relaunched(**_letter(affiliation)))
    return affiliation


def abandon(work: Work, affiliation_id: UUID, reason: str) -> Affiliation:
    """Interrupt a journey; a new one starts from the beginning (S1:247). ``reason`` stays in the history. Raises ``AbandonReserved``."""
    affiliation = access.affiliation(work, affiliation_id, to_change=True)
    if done(affiliation.status, Verb.ABANDON):
        return affiliation
    if Verb.ABANDON in access.kept_verbs(work):
        raise AbandonReserved(ONLY_SILENCE.format(days=work.brand.own.expiry_days))
    _abandon(work, affiliation, "employer", reason)
    return affiliation


def expire(work: Work) -> int:
    """Interrupt the journeys whose person stayed silent for the brand's delay; returns how many."""
    found = access.expired(work, EXPIRED_AT_ONCE)
    for affiliation in found:
        _abandon(work.for_brand(affiliation.brand), affiliation, "timer", None)
    return len(found)


def _abandon(work: Work, affiliation: Affiliation, by: Any, reason: str | None) -> None:
    advance(work, affiliation, Verb.ABANDON, reason=reason)
    work.emit(told.Abandoned(affiliation_id=affiliation.id, siren=affiliation.siren, siret=affiliation.siret, by=by))


def _held(work: Work, declaration: dict[str, Any]) -> tuple[Establishment, Contract]:
    establishment = work.session.scalar(access.visible_establishments(work.actor).where(Establishment.siret == declaration["siret"]))
    if establishment is None:
        raise _wrong("siret", UNKNOWN_SIRET)
    held = access.visible_contracts(work.actor).where(Contract.siren == establishment.siren)
    contract = work.session.scalar(held.where(Contract.reference == declaration["contract_reference"]))
    if contract is None:
        raise _wrong("contract_reference", UNKNOWN_CONTRACT)
    return establishment, contract


def _refuse_incoherence(work: Work, declaration: dict[str, Any], contract: Contract) -> None:
    most = work.brand.own.most_days_ahead
    if declaration["starts_on"] < contract.starts_on:
        raise _wrong("starts_on", BEFORE_CONTRACT.format(day=contract.starts_on))
    if declaration["starts_on"] > work.today + timedelta(days=most):
        raise _wrong("starts_on", TOO_FAR.format(days=most))
    if not declaration.get("email") and not declaration.get("address"):
        raise _wrong("address", NOWHERE_TO_SEND)
    if flaw := rules.birth_refusal(declaration.get("nir"), declaration.get("birth_on"), work.today):
        raise Invalid(errors=[flaw])


def _born(work: Work, declaration: dict[str, Any], establishment: Establishment, contract: Contract) -> Affiliation:
    affiliation = Affiliation(
        **declaration,
        id=uuid7(),
        brand=work.brand_key,
        siren=establishment.siren,
        establishment_name=establishment.name,
        contract_label=contract.label,
        person_key=rules.person_key(declaration["last_name"], declaration["first_name"]),
        medium="email" if declaration.get("email") else "post",
    )
    affiliation.wait(work.now, work.brand.own.expiry_days)
    return affiliation


def _letter(affiliation: Affiliation) -> dict[str, Any]:
    """What Sent and Relaunched say alike: whom the form is for, and the one address it goes to."""
    medium, to = affiliation.reached_by
    return {
        "affiliation_id": affiliation.id,
        "siren": affiliation.siren,
        "siret": affiliation.siret,
        "medium": medium,
        "establishment_name": affiliation.establishment_name,
        "first_name": Sealed(affiliation.first_name),
        "last_name": Sealed(affiliation.last_name),
        "email": seal(to if medium == "email" else None),
        "address": seal(to if medium == "post" else None),
    }


def _refuse_haste(work: Work, affiliation: Affiliation) -> None:
    rule = work.brand.own.relaunch
    count, last = access.relaunches(work, affiliation)
    if count >= rule.most:
        raise NoRelaunchLeft(RELAUNCHED_ENOUGH.format(most=rule.most))
    possible_at: datetime | None = rules.relaunch_allowed_at(last, rule.every_hours, work.now)
    if possible_at:
        raise TooSoonToRelaunch(POSSIBLE_AT.format(at=possible_at.astimezone(PARIS)), possible_at=possible_at.isoformat())


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(errors=[{"field": field, "message": message}])
