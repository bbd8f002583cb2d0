"""What somebody's own rights say to the catalogue of services."""

from services.members.access import rights as access
from services.members.access.rights import Line
from services.members.config import Work
from services.members.lifecycle import Status
from services.members.rules.services import Held


def held(work: Work) -> list[Held]:
    """The member's rights, the latest first."""
    return [_held(line) for line in work.session.execute(access.latest_first(access.visible_lines(work.actor))).all()]


def _held(line: Line) -> Held:
    rights, _person, contract, _place = line
    return Held(
        label=contract.label if contract else rights.contract_reference,
        domains=frozenset(guarantee["domain"] for guarantee in contract.guarantees) if contract else None,
        portability=rights.status == Status.PORTABILITY,
        starts_on=rights.starts_on,
        ends_on=rights.ends_on,
    )
