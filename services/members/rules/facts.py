"""What becomes of a payroll fact, in the caseworker's words; and which NIR a person has after the changes her payrolls told."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

from chassis.labels import _
from events.dsn import AffiliationSeen, Declaration, DeclarationTaken, IdentityChanged, NobodyCovered
from events.fact import Fact, opened
from services.members.rules.declarations import CORRECTING
from services.members.rules.spells import Spoken


class FactState(StrEnum):
    WAITING = "waiting"
    APPLIED = "applied"
    SUPERSEDED = "superseded"
    NOTED = "noted"


STATE_LABELS = {
    FactState.WAITING: _("En attente de rapprochement"),
    FactState.APPLIED: _("Prise en compte"),
    FactState.SUPERSEDED: _("Remplacée ou annulée"),
    FactState.NOTED: _("Enregistrée"),
}

UNKNOWN_PERSON = _("Personne inconnue : aucune affiliation finalisée ne porte ce numéro de sécurité sociale.")
TEMPORARY_NUMBER = _("Personne désignée par un numéro technique temporaire : son numéro de sécurité sociale est attendu.")
NO_RIGHTS = _("Aucun droit de cette personne ne correspond à cet établissement, ce contrat et cette période d'emploi.")
UNJOINED = _(
    "Aucune affiliation finalisée de ce salarié ne correspond à cet établissement, ce contrat et cette période : pré-affiliez-le, "
    "ou vérifiez son numéro et ses dates dans votre déclaration."
)
UNNUMBERED = _("Ce salarié est déclaré par un numéro technique temporaire : déclarez son NIR à côté de ce numéro dès qu'il est connu.")
"""What an employer reads: nothing that she did not declare herself."""
HEARD = _("Rapprochée d'un droit.")
RENEWED = _("Nouvelle identité rapprochée de la personne.")
CORRECTED = _("Une déclaration ultérieure la remplace ou l'annule.")
OUTRANKED = _("Ignorée : une déclaration de rang supérieur remplaçait ou annulait déjà la même.")
KEPT = _("Conservée pour information.")
UNKNOWN_PLACE = _("Établissement inconnu : aucune entreprise ne l'a encore enregistré.")

Judged = tuple[FactState, str]


def without_person(*, temporary: bool) -> Judged:
    """A fact that names nobody we know."""
    return FactState.WAITING, TEMPORARY_NUMBER if temporary else UNKNOWN_PERSON


@dataclass(frozen=True)
class Unattached:
    """A fact that carries no number. ``contract_reference`` is the contract that covers nobody, when it says so of an establishment."""

    id: UUID
    kind: type[Fact]
    declaration: Declaration
    contract_reference: str | None = None


def unattached(fact: Unattached, *, known_place: bool) -> Judged:
    """What becomes of one: it is about an establishment, or about somebody who cannot be named yet."""
    if fact.contract_reference and not known_place:
        return FactState.WAITING, UNKNOWN_PLACE
    if fact.kind in (NobodyCovered, DeclarationTaken):
        return FactState.NOTED, KEPT
    return without_person(temporary=True)


def superseded(declaration: Declaration) -> Judged:
    """A fact whose declaration was replaced or cancelled; one that itself corrected another came too late, or was corrected in turn."""
    return FactState.SUPERSEDED, OUTRANKED if declaration.type in CORRECTING else CORRECTED


def saying(fact: Fact) -> bytes | None:
    """What a fact says of somebody's employment, whichever declaration says it; ``None`` for what is always weighed anew.

    Of two facts of one person that say the same, and whose declarations both stand, the second changes nothing: it belongs to the same
    employment, concerns the same contracts for the same time, ends nothing, and links no number to another.
    """
    if not isinstance(fact, AffiliationSeen) or fact.declaration.type != "normal" or fact.declaration.target or temporary(fact):
        return None
    employment, contracts = (
        fact.employment,
        sorted({(cover.contract_reference, str(cover.starts_on), str(cover.ends_on)) for cover in fact.covers}),
    )
    said = (fact.declaration.siret, employment.number, employment.starts_on.isoformat(), contracts)
    return blake2b(repr(said).encode(), digest_size=16).digest()


def temporary(fact: Spoken) -> str | None:
    """The temporary number (NTT) that a payroll writes beside the NIR of the same person: one person, known by both."""
    return opened(fact.employment.ntt) if opened(fact.employment.nir) else None


def latest_nir(changes: Iterable[IdentityChanged]) -> str | None:
    """The NIR (13 characters) that the latest change of number gave, ``None`` without any. Her present number has no say: it is what
    an earlier batch of the same changes made of it."""
    given = [
        (change.changed_on, change.declaration.rank, new[:13])
        for change in changes
        if (former := opened(change.former_nir)) and (new := opened(change.employment.nir)) and former[:13] != new[:13]
    ]
    return max(given)[2] if given else None
