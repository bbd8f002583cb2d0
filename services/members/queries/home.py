"""The member's home: latest reimbursements, twelve months of them, her profile, and what blocks (S0:134-154, S3:125-150)."""

from collections.abc import Iterable, Iterator
from typing import Any

from chassis.labels import _
from services.members.access import reimbursements as access
from services.members.access import rights as held
from services.members.access.rights import Line
from services.members.config import Work
from services.members.lifecycle import Status
from services.members.queries.reimbursements import shown
from services.members.rules.card import day
from services.members.rules.profile import EXPECTED, profile

LATEST = 5
"""Lines on the page (S0:139-143)."""
NO_RIGHTS = _("Aucun droit n'est encore ouvert : votre affiliation n'est pas terminée.")
NOT_YET = _("Vos droits s'ouvrent le {day}.")
NO_CONTRACT = _("Votre contrat est en cours d'enregistrement : vos remboursements suivront.")


def home(work: Work) -> dict[str, Any]:
    """The page. Raises ``NotFound`` for an account that stands for no person."""
    person = held.person(work, held.own_person_id(work.actor))
    rights = work.session.execute(held.latest_first(held.visible_lines(work.actor))).all()
    latest = work.session.scalars(access.latest_first(access.own(work)).limit(LATEST))
    return {
        "first_name": person.first_name,
        "latest": [shown(row) for row in latest],
        "synthesis": access.synthesis(work),
        "profile": profile({one.field: getattr(person, one.field) for one in EXPECTED}),
        "blocking": list(_blocking(work, rights)),
    }


def _blocking(work: Work, rights: Iterable[Line]) -> Iterator[dict[str, str]]:
    """What keeps her from being reimbursed today, the latest rights first; nothing while something covers her."""
    lines = list(rights)
    if not lines:
        yield {"code": "no_rights", "sentence": NO_RIGHTS}
    if not any(line[0].covers(work.today) for line in lines):
        yield from (_standing(work, line) for line in lines[:1])
    yield from ({"code": "contract_unknown", "sentence": NO_CONTRACT} for line in lines if line[2] is None and line[0].covers(work.today))


def _standing(work: Work, line: Line) -> dict[str, str]:
    rights = line[0]
    if work.today < rights.starts_on:
        return {"code": "not_yet", "sentence": NOT_YET.format(day=day(rights.starts_on))}
    code = "proof_expected" if rights.status == Status.PORTABILITY_PENDING else "rights_ended"
    return {"code": code, "sentence": rights.reason}
