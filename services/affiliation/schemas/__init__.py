"""HTTP in and out: ``declarations``, ``files`` and ``follow_up`` of the employer, ``journeys`` of the person."""

from services.affiliation.schemas.declarations import (
    CreatedAffiliation,
    DeclarationCheck,
    FormQuery,
    Offers,
    OffersQuery,
    PreAffiliation,
    RestartChanges,
    TypedSoFar,
)
from services.affiliation.schemas.files import BulkFile, BulkQuery, BulkReport, TemplateQuery, declared
from services.affiliation.schemas.follow_up import (
    AbandonReason,
    AffiliationDetail,
    FollowUpExport,
    FollowUpPage,
    FollowUpQuery,
    FollowUpSearch,
    NewContact,
    PapersQuery,
    PauseReason,
    UndeliveredReason,
    WaitingPapers,
)
from services.affiliation.schemas.journeys import Certification, DraftChanges, DraftMatch, Journey, PaperForm

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
    "FollowUpExport",
    "FollowUpPage",
    "FollowUpQuery",
    "FollowUpSearch",
    "FormQuery",
    "Journey",
    "NewContact",
    "Offers",
    "OffersQuery",
    "PaperForm",
    "PapersQuery",
    "PauseReason",
    "PreAffiliation",
    "RestartChanges",
    "TemplateQuery",
    "TypedSoFar",
    "UndeliveredReason",
    "WaitingPapers",
    "declared",
]
