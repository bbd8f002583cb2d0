"""The follow-up (S1:230-249)."""

from typing import Any
from uuid import UUID

from flask import Response

from chassis import http
from chassis.sheets import MEDIA_TYPE, Mark
from services.affiliation import queries, schemas
from services.affiliation.actions import follow_up, paper, reminders
from services.affiliation.adapters import bulletin, files
from services.affiliation.rules import Form

employer = http.Door("relaunches", __name__, audience=("employer",), description="Suivi des affiliations")
keepers = http.Door("journeys_kept", __name__, audience=("employer", "caseworker"), description="Suivi des affiliations")
caseworkers = http.Door("journeys_handled", __name__, audience=("caseworker",), description="Suivi des affiliations")
printers = http.Door("forms", __name__, audience=("employer", "caseworker", "applicant"), description="Suivi des affiliations")
readers = http.Door("follow_ups", __name__, audience=("employer", "caseworker"), description="Suivi des affiliations")


@employer.post("/affiliations/<uuid:affiliation_id>/relaunch")
@employer.creating
@employer.response(200, schemas.AffiliationDetail)
def relaunch(affiliation_id: UUID) -> dict[str, Any]:
    """Relancer un salarié qui n'a pas répondu"""
    work = http.work()
    return queries.detail(work, follow_up.relaunch(work, affiliation_id))


@printers.get("/affiliations/<uuid:affiliation_id>/bulletin.pdf")
@printers.response(200, {"type": "string", "format": "binary"}, content_type=bulletin.MEDIA_TYPE)
def print_bulletin(affiliation_id: UUID) -> Response:
    """Télécharger le bulletin d'affiliation à remplir sur papier"""
    work = http.work()
    found = follow_up.consult(work, affiliation_id, "bulletin")
    content = bulletin.draw(queries.bulletin(work, found), work.brands[found.brand].identity)
    headers = {"Content-Disposition": f'attachment; filename="bulletin-affiliation-{found.id}.pdf"'}
    return Response(content, content_type=bulletin.MEDIA_TYPE, headers=headers)


@keepers.post("/affiliations/<uuid:affiliation_id>/abandon")
@keepers.arguments(schemas.AbandonReason)
@keepers.response(200, schemas.AffiliationDetail)
def abandon(said: dict[str, Any], affiliation_id: UUID) -> dict[str, Any]:
    """Abandonner une affiliation"""
    work = http.work()
    return queries.detail(work, follow_up.abandon(work, affiliation_id, said["reason"]))


@keepers.post("/affiliations/<uuid:affiliation_id>/contact")
@keepers.arguments(schemas.NewContact)
@keepers.response(200, schemas.AffiliationDetail)
def resend(contact: dict[str, Any], affiliation_id: UUID) -> dict[str, Any]:
    """Envoyer le formulaire à une autre adresse, ou par l'autre média"""
    work = http.work()
    return queries.detail(work, reminders.resend(work, affiliation_id, contact))


@keepers.post("/affiliations/<uuid:affiliation_id>/pause")
@keepers.arguments(schemas.PauseReason)
@keepers.response(200, schemas.AffiliationDetail)
def pause(asked: dict[str, Any], affiliation_id: UUID) -> dict[str, Any]:
    """Suspendre les rappels jusqu'à une date"""
    work = http.work()
    return queries.detail(work, reminders.pause(work, affiliation_id, asked["until_on"], asked["reason"]))


@keepers.post("/affiliations/<uuid:affiliation_id>/resume")
@keepers.response(200, schemas.AffiliationDetail)
def resume(affiliation_id: UUID) -> dict[str, Any]:
    """Reprendre les rappels"""
    work = http.work()
    return queries.detail(work, reminders.resume(work, affiliation_id))


@caseworkers.post("/affiliations/<uuid:affiliation_id>/undelivered")
@caseworkers.arguments(schemas.UndeliveredReason)
@caseworkers.response(200, schemas.AffiliationDetail)
def report_undelivered(said: dict[str, Any], affiliation_id: UUID) -> dict[str, Any]:
    """Signaler une lettre revenue à l'expéditeur"""
    work = http.work()
    return queries.detail(work, reminders.report_undelivered(work, affiliation_id, said["reason"]))


@caseworkers.post("/affiliations/<uuid:affiliation_id>/paper")
@caseworkers.arguments(schemas.PaperForm)
@caseworkers.response(200, schemas.AffiliationDetail)
def receive_paper(form: Form, affiliation_id: UUID) -> dict[str, Any]:
    """Enregistrer un bulletin d'affiliation reçu sur papier"""
    work = http.work()
    return queries.detail(work, paper.receive_paper(work, affiliation_id, form))


@caseworkers.get("/papers")
@caseworkers.arguments(schemas.PapersQuery, location="query")
@caseworkers.response(200, schemas.WaitingPapers)
def list_papers(asked: dict[str, Any]) -> dict[str, Any]:
    """Les bulletins revenus sur papier à enregistrer, le plus ancien d'abord"""
    return queries.papers(http.work(), asked)


@readers.get("/affiliations/export.xlsx")
@readers.arguments(schemas.FollowUpExport, location="query")
@readers.response(200, {"type": "string", "format": "binary"}, content_type=MEDIA_TYPE)
@readers.sensitive
def export(asked: dict[str, Any]) -> Response:
    """Télécharger le suivi des affiliations"""
    work = http.work()
    titles = [label for _key, label in queries.COLUMNS]
    content = files.follow_up(titles, queries.export(work, asked), Mark(work.actor.name, work.now))
    headers = {"Content-Disposition": f'attachment; filename="suivi-des-affiliations-{work.today}.xlsx"'}
    return Response(content, content_type=MEDIA_TYPE, headers=headers)


@readers.get("/affiliations")
@readers.arguments(schemas.FollowUpQuery, location="query")
@readers.response(200, schemas.FollowUpPage)
def list_affiliations(asked: dict[str, Any]) -> dict[str, Any]:
    """Suivi des affiliations, le statut le plus récent d'abord"""
    return queries.follow_up(http.work(), asked)


@readers.post("/affiliations/search")
@readers.arguments(schemas.FollowUpSearch)
@readers.response(200, schemas.FollowUpPage)
def search_affiliations(asked: dict[str, Any]) -> dict[str, Any]:
    """Chercher dans le suivi des affiliations, au besoin par un nom"""
    return queries.follow_up(http.work(), asked)


@readers.get("/affiliations/<uuid:affiliation_id>")
@readers.response(200, schemas.AffiliationDetail)
def show_affiliation(affiliation_id: UUID) -> dict[str, Any]:
    """Une affiliation et son historique daté"""
    work = http.work()
    return queries.detail(work, follow_up.consult(work, affiliation_id))
