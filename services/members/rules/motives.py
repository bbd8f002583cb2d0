"""Why an employment ended (S21.G00.62.002), and what follows for the cover. The table is ``motives.toml``, read once and checked."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from chassis.labels import _

CANCELS_END = "099"
TRANSFERS = ("100", "998")
"""The employment goes on in another establishment of the company: the affiliation follows it there."""
TABLE = Path(__file__).with_name("motives.toml")


class Outcome(StrEnum):
    """What an end of contract means for the collective cover."""

    PRESUMED = "P"
    PROOF = "J"
    EXCLUDED = "X"
    OTHER_DUTY = "R"
    NOT_AN_END = "N"


OUTCOME_LABELS = {
    Outcome.PRESUMED: _("Portabilité présumée"),
    Outcome.PROOF: _("Portabilité sur justificatif seulement"),
    Outcome.EXCLUDED: _("Portabilité exclue par la loi"),
    Outcome.OTHER_DUTY: _("Pas de portabilité, un autre droit"),
    Outcome.NOT_AN_END: _("Pas une fin de contrat"),
}
FOLLOWS = {
    (Outcome.PRESUMED, None): _("La couverture peut continuer gratuitement (portabilité), sur justificatif de l'assurance chômage."),
    (Outcome.PROOF, None): _("La portabilité ne s'ouvre que si l'assurance chômage indemnise cette fin de contrat."),
    (Outcome.EXCLUDED, None): _("La loi exclut la portabilité."),
    (Outcome.OTHER_DUTY, "retirement"): _(
        "Pas de portabilité : une couverture individuelle peut être demandée dans les six mois (loi Évin, article 4)."
    ),
    (Outcome.OTHER_DUTY, "death"): _("Pas de portabilité : les ayants droit peuvent demander le maintien (loi Évin, article 4)."),
    (Outcome.NOT_AN_END, None): _("Personne n'est radié : la couverture continue."),
}
"""What a motive means for the cover, told where it is chosen or shown: by class, and by duty where there is one."""


class Motive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"outcome": "class"}):
    """One code: its label, what it means, and which duty replaces portability when there is one."""

    outcome: Outcome
    label: str
    duty: Literal["retirement", "death"] | None = None

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.OTHER_DUTY) != (self.duty is not None):
            raise ValueError("a motive of class R, and no other, names its duty")

    @property
    def outcome_label(self) -> str:
        """The class, in words."""
        return OUTCOME_LABELS[self.outcome]

    @property
    def follows(self) -> str:
        """What follows for the cover, in a sentence."""
        return FOLLOWS[self.outcome, self.duty]


Motives = Mapping[str, Motive]
"""Every code with its motive."""


class MotiveChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"outcome": "class"}):
    """What a brand says otherwise of one code; what it does not name stays."""

    outcome: Outcome | None = None
    label: str | None = None
    duty: Literal["retirement", "death"] | None = None


UNKNOWN = Motive(outcome=Outcome.PROOF, label=_("motif non précisé"))
"""A code of a later norm, or none: nobody is excluded without a reason, a proof decides."""


@cache
def motives() -> Motives:
    """The platform's table. Raises ``msgspec.ValidationError`` when the file is wrong: a test reads it before anybody."""
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8"))["motives"], dict[str, Motive])


def motive(code: str | None, table: Motives | None = None) -> Motive:
    """The motive of a code, in a brand's table or the platform's; what is not in it is ``UNKNOWN``."""
    return (motives() if table is None else table).get(code or "", UNKNOWN)


def adjusted(changes: Mapping[str, MotiveChange]) -> Motives:
    """The platform's table with what a brand says otherwise. Raises ``ValueError`` for a code that the norm does not have, and for a duty
    without its class or a class without its duty."""
    if strangers := sorted(changes.keys() - motives().keys()):
        raise ValueError(f"motives unknown to the norm: {', '.join(strangers)}")
    return {**motives(), **{code: _changed(motives()[code], change) for code, change in changes.items()}}


def _changed(before: Motive, change: MotiveChange) -> Motive:
    outcome = change.outcome or before.outcome
    kept = before.duty if outcome is Outcome.OTHER_DUTY else None
    return Motive(outcome=outcome, label=change.label or before.label, duty=change.duty or kept)


def page() -> str:
    """The whole of docs/motives.md, for a claims manager to check."""
    rows = [f"| {code} | {why.label} | {why.outcome_label} | {why.follows} |" for code, why in sorted(motives().items())]
    return PAGE.format(rows="\n".join(rows), unknown=UNKNOWN.follows)


PAGE = """\
# Les motifs de fin de contrat

Page produite par `make pages` à partir de `services/members/rules/motives.toml` : corrigez la table, pas la page. Codes et libellés :
S21.G00.62.002 du cahier technique DSN. Classes : article L911-8 du code de la sécurité sociale, article 4 de la loi Évin.

Une marque peut dire autrement, code par code, dans son fichier (`class` parmi P, J, X, R, N ; `label` ; `duty` pour R) :

```toml
[members.motives]
085 = {{ class = "P" }}
```

Un motif absent de cette table : {unknown}

| Code | Motif | Classe | Ce qui s'ensuit |
|---|---|---|---|
{rows}
"""
