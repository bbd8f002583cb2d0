"""What the employer declares (S1:200-218): one newcomer, or a whole file of them, taken together or not at all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from chassis.problems import Invalid
from events import affiliation as told
from services.affiliation import access, rules
from services.affiliation.actions.examination import Batch, Declaration, Numbered, Offer, first_flaw
from services.affiliation.actions.moves import advance, be_born, letter
from services.affiliation.config import Work
from services.affiliation.errors import FileRefused
from services.affiliation.lifecycle import State, Verb
from services.affiliation.models import Affiliation, last_day

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


def pre_affiliate(work: Work, declaration: Declaration, restarts: UUID | None = None) -> Affiliation:
    """Declare a newcomer: the form leaves by e-mail when there is one, else by post (S1:214-216). A caseworker declares from the paper
    form (S1:208).

    Raises ``Invalid`` (another company's contract is unknown), ``AlreadyAffiliated``, or ``Forbidden`` for who only reads.
    """
    access.require_hands(work.actor)
    one, offer = Numbered.of(1, declaration), Offer.of(work, {declaration["siret"]})
    if flaw := first_flaw(work, one, offer):
        raise Invalid(errors=[flaw])
    (affiliation_id,) = _send(work, [one], offer, restarts)
    return access.affiliation(work, affiliation_id)


def restart(work: Work, affiliation_id: UUID, changes: Declaration) -> Affiliation:
    """Begin again what was abandoned (S1:247): a new journey, linked to the old one, from what the employer had declared and ``changes``.

    What the person had typed is not taken over: the new link may reach somebody else. Raises as :func:`pre_affiliate` does.
    """
    old = access.affiliation(work, affiliation_id, to_change=True)
    advance(work, old, Verb.RESTART)
    declared = {name: getattr(old, name) for name in DECLARED}
    return pre_affiliate(work.for_brand(old.brand), declared | changes, restarts=old.id)


def pre_affiliate_all(work: Work, batch: Batch) -> list[UUID]:
    """Declare all of them, or none. Raises ``FileRefused``, or ``AlreadyAffiliated`` when somebody else was faster."""
    if batch.examined.flaws:
        raise FileRefused.of(batch.examined.flaws)
    work.audit("affiliation.imported", f"account:{work.actor.account_id}", lines=len(batch.declarations))
    return _send(work, batch.declarations, batch.offer)


def _send(work: Work, declarations: Sequence[Numbered], offer: Offer, restarts: UUID | None = None) -> list[UUID]:
    common = _common(work) | {"restarts": restarts}
    born = [common | _born(one, offer) for one in declarations]
    be_born(work, born)
    for row in born:
        work.emit(told.Sent(**letter(row, row["medium"], row["email"] or row["address"])))
    return [row["id"] for row in born]


def _common(work: Work) -> dict[str, Any]:
    """What all that is declared together shares."""
    own = work.brand.own
    return {
        "brand": work.brand_key,
        "status": State.SENT,
        "status_at": work.now,
        "status_on": work.today,
        "sent_at": work.now,
        "expires_at": last_day(work.now, own.expiry_days),
        "remind_at": rules.next_reminder(work.now, own.relaunch.automatic_days, work.now),
    }


def _born(one: Numbered, offer: Offer) -> dict[str, Any]:
    establishment, contract = offer.establishments[one.declaration["siret"]], offer.contract(one.declaration)
    assert contract is not None
    return one.declaration | {
        "id": uuid7(),
        "siren": establishment.siren,
        "establishment_name": establishment.name,
        "contract_label": contract.label,
        "person_key": one.person_key,
        "medium": "email" if one.declaration.get("email") else "post",
    }
