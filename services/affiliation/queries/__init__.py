"""What one can ask: ``declarations`` and ``follow_up`` of the employer, ``forms`` on paper, ``journeys`` of the person."""

from services.affiliation.queries.declarations import checked, created, offers, report
from services.affiliation.queries.follow_up import COLUMNS, detail, export, follow_up, papers
from services.affiliation.queries.forms import blank, bulletin
from services.affiliation.queries.journeys import journey

__all__ = ["COLUMNS", "blank", "bulletin", "checked", "created", "detail", "export", "follow_up", "journey", "offers", "papers", "report"]
