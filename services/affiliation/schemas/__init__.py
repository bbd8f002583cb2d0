"""HTTP in and out: ``declarations`` and ``follow_up`` of the employer, ``journeys`` of the person."""

from services.affiliation.schemas.declarations import (
    BulkFile,
    BulkQuery,
    BulkReport,
    CreatedAffiliation,
    DeclarationCheck,
    Offers,
    PreAffiliation,
    TemplateQuery,
    declared,
)
from services.affiliation.schemas.follow_up import AbandonReason, AffiliationDetail, FollowUpPage, FollowUpQuery
from services.affiliation.schemas.journeys import Certification, DraftChanges, DraftMatch, Journey

__all__ = [
    "AbandonReason",
    "AffiliationDetail",
    "BulkFile",
    "BulkQuery",
    "BulkReport",
    "Certification",
    "CreatedAffiliation",
    "DeclarationCheck",
    "DraftChanges",
    "DraftMatch",
    "FollowUpPage",
    "FollowUpQuery",
    "Journey",
    "Offers",
    "PreAffiliation",
    "TemplateQuery",
    "declared",
]
