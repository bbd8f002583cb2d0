"""The screens of a radiation told directly (S1:314): one employee's, the motives, the lists that wait for a second person."""

import uuid
from typing import Any

import msgspec

from chassis.four_eyes import LABELS as ACT_LABELS
from chassis.labels import _
from services.members.access import radiations as access
from services.members.access.radiations import Employed
from services.members.config import Work
from services.members.models import PendingAct, Radiation
from services.members.queries import views
from services.members.rules import radiations as rules
from services.members.rules.direct import SIDES, DirectSource
from services.members.rules.motives import Motives, motive
from services.members.rules.radiations import Verb

DONE = _("Les radiations sont enregistrées.")
WAITING = _("Ces radiations attendent la validation d'une seconde personne : un administrateur de l'entreprise, ou un conseiller.")


def seen(work: Work, rights_id: uuid.UUID) -> dict[str, Any]:
    """The sheet, for who came to look: the person will see that somebody did. Raises ``NotFound``."""
    row = access.one(work, rights_id).rights
    views.looked(work.for_brand(row.brand), row.person_id, rights_id, row.siren)
    return sheet(work, rights_id)


def sheet(work: Work, rights_id: uuid.UUID) -> dict[str, Any]:
    """Where somebody's rights stand, what can be done about their end and why not, and all that was said. Raises ``NotFound``."""
    of = access.one(work, rights_id)
    table = work.brands[of.rights.brand].own.motive_table
    return {
        "rights_id": rights_id,
        "starts_on": of.rights.starts_on,
        **views.standing(of.rights, table),
        "possible": buttons(work, of),
        "refusal": rules.refusal(Verb.RADIATE, of.standing, _side(work), access.terms(work, of.rights.brand), work.today),
        "told": [_word(work, word, table) for word in access.words(work, rights_id)],
    }


def buttons(work: Work, of: Employed) -> list[dict[str, str]]:
    """What can be done, as buttons."""
    verbs = rules.possible(of.standing, _side(work), access.terms(work, of.rights.brand), work.today)
    return [{"verb": verb.value, "label": verb.label} for verb in verbs]


def offered_motives(work: Work) -> dict[str, Any]:
    """The motives of a departure in the brand, in words, with what each means for the cover."""
    offered = rules.offered(work.brand.own.motive_table).items()
    return {"items": [{"code": code, "label": why.label, "follows": why.follows} for code, why in offered]}


def act(work: Work, found: PendingAct) -> dict[str, Any]:
    """A list that waits, or waited, for a second person."""
    state = found.state_at(work.now)
    return {
        "id": found.id,
        "siren": found.siren,
        "state": state,
        "state_label": ACT_LABELS[state],
        "asked_by_me": found.asked_by == work.actor.account_id,
        "asked_at": found.asked_at,
        "expires_at": found.expires_at,
        "decided_at": found.decided_at,
        "radiations": msgspec.json.decode(found.content),
    }


def told(work: Work, waiting: PendingAct | None) -> dict[str, Any]:
    """What came of a list."""
    return {"done": waiting is None, "message": WAITING if waiting else DONE, "act": act(work, waiting) if waiting else None}


def acts(work: Work, *, after: uuid.UUID | None, limit: int) -> dict[str, Any]:
    """A page of lists, the latest first. Raises ``Forbidden``."""
    found = access.acts_after(work, after, limit + 1)
    page = found[:limit]
    return {"items": [act(work, each) for each in page], "next": page[-1].id if len(found) > limit else None}


def _side(work: Work) -> DirectSource:
    return SIDES[work.actor.kind]


def _word(work: Work, word: Radiation, table: Motives) -> dict[str, Any]:
    return {
        "at": word.told_at,
        "verb": word.verb,
        "verb_label": rules.VERBS[word.verb].done,
        "ended_on": word.ended_on,
        "motive": {"code": word.motive, "label": motive(word.motive, table).label} if word.motive else None,
        "message": word.message,
        "source": word.source,
        "source_label": rules.SOURCE_LABELS[SIDES[word.source]],
        "by_me": word.told_by == work.actor.account_id,
    }
