"""« Mes services » (S0:313-320, S3:220-227, S4:295-318): what a brand offers beside reimbursements, and which contract opens it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from chassis.labels import _
from services.members.rules.card import day

NO_RIGHTS = _("Aucun contrat ne vous couvre encore.")
NOT_YET = _("Vos droits s'ouvrent le {day}.")
OVER = _("Vos droits sont terminés depuis le {day}.")
NOT_KEPT = _("Ce service n'est pas maintenu pendant la portabilité.")
NOT_IN_CONTRACT = _("Votre contrat {label} ne prévoit pas {needs}.")
BEING_REGISTERED = _("Votre contrat est en cours d'enregistrement : ce service se décidera ensuite.")


class Family(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A heading of the page."""

    key: str
    label: str


class Offer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service. A contract opens it when it guarantees one of the domains ``guarantees`` (any contract when there is none), which people
    read as ``needs``; ``portability`` says that it goes on after the employment. ``action`` is the page that gives it."""

    key: str
    family: str
    label: str
    text: str
    guarantees: tuple[str, ...] = ()
    needs: str = ""
    portability: bool = True
    action: str = ""

    def __post_init__(self) -> None:
        if bool(self.guarantees) != bool(self.needs):
            raise ValueError(f"le service « {self.key} » dit « guarantees » et « needs » ensemble, ou aucun des deux")


@dataclass(frozen=True)
class Held:
    """Rights of somebody: their contract, the domains that it guarantees (``None`` while it is not registered), and their days."""

    label: str
    domains: frozenset[str] | None
    portability: bool
    starts_on: date
    ends_on: date | None

    def covers(self, today: date) -> bool:
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)


@dataclass(frozen=True)
class Verdict:
    """Whether a service is open, by which contract, and otherwise why not."""

    is_open: bool
    contract_label: str | None = None
    why: str | None = None


def verdict(offer: Offer, held: Sequence[Held], today: date) -> Verdict:
    """What the rights of somebody open today; of several reasons, that of the latest rights."""
    in_force = [rights for rights in held if rights.covers(today)]
    refusals = [(rights, _refusal(offer, rights)) for rights in in_force]
    opening = next((rights for rights, refusal in refusals if refusal is None), None)
    if opening:
        return Verdict(True, opening.label)
    return Verdict(False, why=refusals[0][1] if refusals else _outside(held, today))


def _refusal(offer: Offer, rights: Held) -> str | None:
    if rights.portability and not offer.portability:
        return NOT_KEPT
    if not offer.guarantees or (rights.domains is not None and rights.domains & set(offer.guarantees)):
        return None
    return BEING_REGISTERED if rights.domains is None else NOT_IN_CONTRACT.format(label=rights.label, needs=offer.needs)


def _outside(held: Sequence[Held], today: date) -> str:
    """Nothing covers today: what comes next, else what ended last."""
    coming = [rights.starts_on for rights in held if today < rights.starts_on]
    ended = [rights.ends_on for rights in held if rights.ends_on is not None]
    if coming:
        return NOT_YET.format(day=day(min(coming)))
    return OVER.format(day=day(max(ended) + timedelta(days=1))) if ended else NO_RIGHTS
