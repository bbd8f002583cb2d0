"""The person's own screen (S1:220-228)."""

from dataclasses import asdict
from typing import Any

from identifiers import iban
from services.affiliation import access, rules
from services.affiliation.config import Work
from services.affiliation.lifecycle import OPENINGS
from services.affiliation.models import Affiliation
from services.affiliation.queries.follow_up import actions, row
from services.affiliation.rules import Form


def journey(work: Work, affiliation: Affiliation) -> dict[str, Any]:
    """The person's own screen: the form as far as it is known, the pieces it asks for, what can be done."""
    draft, brand = access.draft(work, affiliation), work.brand.own
    form = (draft.form if draft else Form()).over(_shown(affiliation))
    pieces = rules.pieces(form, brand.pieces, access.documents(work, affiliation), brand.adult_age, work.today)
    return {
        "affiliation": row(work, affiliation),
        "draft": asdict(form),
        "version": draft.version if draft else 0,
        "saved_at": draft.saved_at if draft else None,
        "required": list(brand.required),
        "bank": iban.bank_name(form.iban) if form.iban else None,
        "pieces": [{**asdict(piece), "state_label": piece.state.label} for piece in pieces],
        "openings": list(OPENINGS[affiliation.status]),
        "actions": actions(work, affiliation),
    }


def _shown(affiliation: Affiliation) -> Form:
    """What the employer declared and the person may find filled in. Not the NIR: a link may have reached somebody else."""
    names = ("first_name", "last_name", "birth_on", "address", "email")
    return Form(**{name: getattr(affiliation, name) for name in names})
