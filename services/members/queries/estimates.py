"""What a care would cost the member: her guarantee of that day, and the reckoning (S4:123-128)."""

from datetime import date
from decimal import Decimal
from typing import Any

from chassis.labels import _
from chassis.problems import Invalid
from services.members.access import rights as access
from services.members.access.rights import Line
from services.members.config import Work
from services.members.errors import GuaranteeUnreadable, NotCoveredThatDay, TariffUnknown
from services.members.models import Contract, Dependent
from services.members.rules.estimates import NO_PROMISE, Care, NoTariff, Promise, estimate, promised
from services.members.rules.tariffs import tariffs

ADULT = 18
COEFFICIENT = _("Indiquez le coefficient de l'acte, par exemple 7,5 pour AMK 7,5.")
NO_BENEFICIARY = _("Ce bénéficiaire n'est pas couvert par votre contrat à cette date.")


def acts() -> dict[str, Any]:
    """The care that can be estimated, and the situations that change the reckoning."""
    table = tariffs()
    return {
        "acts": [
            {"code": code, "label": act.label, "domain": act.domain, "needs_coefficient": act.by_coefficient}
            for code, act in table.acts.items()
        ],
        "exonerations": [{"code": code, "label": exempt.label} for code, exempt in table.exonerations.items()],
    }


def my_estimate(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """The reckoning of one care. Raises ``NotCoveredThatDay``, ``TariffUnknown``, ``GuaranteeUnreadable``, ``Invalid``."""
    line = _covering(work, asked["care_on"])
    promise = _promise(line[2], tariffs().acts[asked["act"]].domain)
    try:
        found = estimate(_care(asked, _birth_on(work, line, asked["beneficiary"])), promise)
    except NoTariff as unknown:
        raise TariffUnknown from unknown
    return {**vars(found), "contract_label": line[2].label if line[2] else line[0].contract_reference, "guarantee": promise.words}


def _covering(work: Work, day: date) -> Line:
    """The latest rights that cover a day."""
    lines = work.session.execute(access.latest_first(access.visible_lines(work.actor))).all()
    covering = [line for line in lines if line[0].covers(day)]
    if not covering:
        raise NotCoveredThatDay
    return covering[0]


def _promise(contract: Contract | None, domain: str) -> Promise:
    """What the contract says for a domain; a domain it does not name is not covered."""
    if contract is None:
        return NO_PROMISE
    found = promised(contract.guarantees, domain, responsible=contract.responsible)
    if found is None:
        raise GuaranteeUnreadable
    return found


def _birth_on(work: Work, line: Line, rank: int) -> date:
    """When the person cared for was born: the member, or an ayant droit by rank."""
    if not rank:
        return line[1].birth_on
    dependents: dict[int, Dependent] = {row.rank: row for row in access.dependents(work, [line[0].id])}
    if rank not in dependents:
        raise Invalid.at("beneficiary", NO_BENEFICIARY)
    return dependents[rank].birth_on


def _care(asked: dict[str, Any], birth_on: date) -> Care:
    coefficient = asked["coefficient"]
    if tariffs().acts[asked["act"]].by_coefficient and coefficient is None:
        raise Invalid.at("coefficient", COEFFICIENT)
    return Care(
        act=asked["act"],
        on=asked["care_on"],
        cost=asked["cost"],
        quantity=asked["quantity"],
        coefficient=coefficient or Decimal(1),
        coordinated=asked["coordinated"],
        optam=asked["optam"],
        adult=_age(birth_on, asked["care_on"]) >= ADULT,
        exoneration=asked["exoneration"],
    )


def _age(birth_on: date, day: date) -> int:
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))
