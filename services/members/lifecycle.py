"""The life of rights: active → portability pending → portability → ended, with their French labels and what each move is called.

No verb of a person moves rights: a fold of facts does (architecture §2.8), so that a correction may lead from any status to any other.
"""

from enum import StrEnum

from chassis.labels import _


class Status(StrEnum):
    """Where rights stand."""

    ACTIVE = "active"
    PORTABILITY_PENDING = "portability_pending"
    PORTABILITY = "portability"
    ENDED = "ended"


class Move(StrEnum):
    """What happened to rights, as their history words it."""

    OPEN = "open"
    RADIATE = "radiate"
    AWAIT_PROOF = "await_proof"
    PROVE = "prove"
    LAPSE = "lapse"
    REOPEN = "reopen"
    KEEP = "keep"
    CORRECT = "correct"


class Halt(StrEnum):
    """Why a portability stopped before its term (CSS L911-8): its conditions ended, or nobody proved any more that they held."""

    BENEFIT_ENDED = "benefit_ended"
    PROOF_MISSING = "proof_missing"


LABELS = {
    Status.ACTIVE: _("Droits ouverts"),
    Status.PORTABILITY_PENDING: _("Portabilité en attente de justificatif"),
    Status.PORTABILITY: _("Portabilité"),
    Status.ENDED: _("Droits fermés"),
}

MOVE_LABELS = {
    Move.OPEN: _("Ouverture des droits"),
    Move.RADIATE: _("Radiation"),
    Move.AWAIT_PROOF: _("Portabilité proposée"),
    Move.PROVE: _("Portabilité accordée"),
    Move.LAPSE: _("Fin de la portabilité"),
    Move.REOPEN: _("Réouverture des droits"),
    Move.KEEP: _("Maintien des droits"),
    Move.CORRECT: _("Correction"),
}

MOVES = {
    (Status.ACTIVE, Status.ACTIVE): Move.KEEP,
    (Status.ACTIVE, Status.PORTABILITY_PENDING): Move.AWAIT_PROOF,
    (Status.ACTIVE, Status.PORTABILITY): Move.PROVE,
    (Status.ACTIVE, Status.ENDED): Move.RADIATE,
    (Status.PORTABILITY_PENDING, Status.ACTIVE): Move.REOPEN,
    (Status.PORTABILITY_PENDING, Status.PORTABILITY): Move.PROVE,
    (Status.PORTABILITY_PENDING, Status.ENDED): Move.RADIATE,
    (Status.PORTABILITY, Status.ACTIVE): Move.REOPEN,
    (Status.PORTABILITY, Status.PORTABILITY_PENDING): Move.CORRECT,
    (Status.PORTABILITY, Status.ENDED): Move.LAPSE,
    (Status.ENDED, Status.ACTIVE): Move.REOPEN,
    (Status.ENDED, Status.PORTABILITY_PENDING): Move.CORRECT,
    (Status.ENDED, Status.PORTABILITY): Move.CORRECT,
}
"""What leads from one status to another; otherwise within one status (another date, another motive) it is a correction."""

FILTERS = {
    "active": (Status.ACTIVE,),
    "portability": (Status.PORTABILITY_PENDING, Status.PORTABILITY),
    "ended": (Status.ENDED,),
    "all": tuple(Status),
}
"""How an employer's list may be narrowed (S1:178, active by default)."""
FILTER_LABELS = {"active": _("Actif"), "portability": _("En portabilité"), "ended": _("Terminé"), "all": _("Tous")}


MEANINGS = {
    Status.ACTIVE: _("La personne est couverte."),
    Status.PORTABILITY_PENDING: _("Le contrat de travail a pris fin ; la couverture continuera si un justificatif d'indemnisation arrive."),
    Status.PORTABILITY: _("La personne reste couverte gratuitement, au plus douze mois, tant qu'elle est indemnisée."),
    Status.ENDED: _("La personne n'est plus couverte."),
}
CAUSES = {
    Move.OPEN: _("affiliation finalisée"),
    Move.RADIATE: _(
        "fin de contrat sans portabilité, fin de l'affiliation (70.015), ou plus personne de couvert dans l'établissement (15.004)"
    ),
    Move.AWAIT_PROOF: _("fin de contrat (62.001, 62.002) qui peut ouvrir la portabilité"),
    Move.PROVE: _("justificatif d'indemnisation reçu"),
    Move.LAPSE: _("terme atteint, indemnisation arrêtée, ou justificatif demandé et non reçu"),
    Move.REOPEN: _("déclaration annulée (04, 099), remplacée (03), ou salarié de nouveau déclaré au contrat"),
    Move.KEEP: _("affiliation maintenue par l'employeur (62.016)"),
    Move.CORRECT: _("déclaration remplacée : autre date, autre motif"),
}
"""What leads there, as the page of rights says it."""


def move(before: Status, after: Status) -> Move:
    """What the change from one status to another is called."""
    return MOVES.get((before, after), Move.CORRECT)


def page() -> str:
    """The whole of docs/rights.md."""
    states = [f"| `{status}` | {LABELS[status]} | {MEANINGS[status]} |" for status in Status]
    moves = [f"| {MOVE_LABELS[verb]} | {_ways(verb)} | {CAUSES[verb]} |" for verb in Move]
    return PAGE.format(diagram=mermaid(), states="\n".join(states), moves="\n".join(moves))


def mermaid() -> str:
    """The table as a Mermaid state diagram; what changes a date alone is left out."""
    names = [f"    {status} : {LABELS[status]}" for status in Status]
    lines = [f"    {before} --> {after} : {MOVE_LABELS[verb]}" for (before, after), verb in MOVES.items()]
    return "\n".join(["stateDiagram-v2", "    direction LR", *names, f"    [*] --> {Status.ACTIVE} : {MOVE_LABELS[Move.OPEN]}", *lines])


def _ways(verb: Move) -> str:
    if verb is Move.OPEN:
        return f"– → {LABELS[Status.ACTIVE]}"
    return "<br>".join(f"{LABELS[before]} → {LABELS[after]}" for (before, after), found in MOVES.items() if found is verb)


PAGE = """\
# La vie des droits

Page produite par `make pages` à partir de `services/members/lifecycle.py` : ne la modifiez pas ici.

Personne ne déplace des droits à la main : chaque état se déduit de tous les faits connus (affiliation, paie, justificatifs), le même quel
que soit leur ordre d'arrivée. Une correction peut donc mener d'un état à tout autre.

```mermaid
{diagram}
```

| État | Libellé | Ce que cela veut dire |
|---|---|---|
{states}

| Mouvement | De → vers | Ce qui y mène |
|---|---|---|
{moves}

Les motifs de fin de contrat et ce que chacun entraîne : [motives.md](motives.md).
"""
