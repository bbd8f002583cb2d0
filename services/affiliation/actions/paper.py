"""The bulletin that came back on paper (S1:246 « le BIA complété dématérialisé ou papier »): a caseworker types it in."""

from uuid import UUID

from services.affiliation import access
from services.affiliation.actions.journey import complete
from services.affiliation.config import Work
from services.affiliation.lifecycle import Verb, after, done
from services.affiliation.models import Affiliation
from services.affiliation.rules import Form


def receive_paper(work: Work, affiliation_id: UUID, form: Form) -> Affiliation:
    """Finalise from a paper form, under the same rules as online. Raises ``IncompleteForm`` or ``PiecesMissing``; said again, it changes
    nothing."""
    affiliation = access.affiliation(work, affiliation_id, to_change=True)
    if done(affiliation.status, Verb.RECEIVE_PAPER):
        return affiliation
    after(affiliation.status, Verb.RECEIVE_PAPER)
    complete(work.for_brand(affiliation.brand), affiliation, form, Verb.RECEIVE_PAPER, via="paper")
    return affiliation
