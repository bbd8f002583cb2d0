"""« Accueil » and « Mes remboursements »: the latest, the list, one with its reckoning, and the décomptes (S0:134-154, S4:115-132)."""

import uuid
from typing import Any

from flask import Response

from chassis import http
from chassis.labels import _
from chassis.streams import Streamed
from services.members.adapters import statement_csv, statement_pdf
from services.members.adapters.statement_pdf import Paper
from services.members.config import Work
from services.members.queries import home, reimbursements
from services.members.rules.card import day
from services.members.schemas import reimbursements as schemas

door = http.Door("reimbursements", __name__, url_prefix="/me", audience=("member",), description="Mes remboursements")
FILE = {"type": "string", "format": "binary"}
ABOUT = _("Décompte {number} de la caisse {fund}, du {day}")


@door.get("/home")
@door.response(200, schemas.Home, description="L'accueil")
def show_home() -> dict[str, Any]:
    """Mon accueil : derniers remboursements, synthèse sur douze mois, profil"""
    return home.home(http.work())


@door.get("/reimbursements")
@door.arguments(schemas.ReimbursementsQuery, location="query")
@door.response(200, schemas.Reimbursements, description="Une page, du plus récent au plus ancien")
def list_reimbursements(asked: dict[str, Any]) -> dict[str, Any]:
    """Consulter mes remboursements, par date de soins et par bénéficiaire"""
    return reimbursements.mine(http.work(), **asked)


@door.get("/reimbursements/<uuid:reimbursement_id>")
@door.response(200, schemas.ReimbursementDetail, description="Qui a payé quoi, et pourquoi")
def show_reimbursement(reimbursement_id: uuid.UUID) -> dict[str, Any]:
    """Comprendre un remboursement"""
    return reimbursements.one(http.work(), reimbursement_id)


@door.get("/reimbursements.csv")
@door.arguments(schemas.ReimbursementsFilter, location="query")
@door.response(200, FILE, content_type=statement_csv.MEDIA_TYPE, description="Le tableau")
def download_table(asked: dict[str, Any]) -> Response:
    """Télécharger mes remboursements dans un tableau"""
    work = http.work()
    _taken_away(work, "csv")
    answer = Streamed(lambda reading: statement_csv.written(reimbursements.taken(reading, **asked)), statement_csv.MEDIA_TYPE)
    return _attached(answer, statement_csv.file_name(work.today))


@door.get("/reimbursements.pdf")
@door.arguments(schemas.ReimbursementsFilter, location="query")
@door.response(200, FILE, content_type=statement_pdf.MEDIA_TYPE, description="Le relevé")
def download_paper(asked: dict[str, Any]) -> Response:
    """Télécharger mon relevé de prestations"""
    work = http.work()
    paper = Paper(_("Relevé de prestations"), _("Le {day}").format(day=day(work.today)), reimbursements.on_paper(work, **asked))
    _taken_away(work, "pdf")
    return _pdf(work, paper, f"releve-{work.today:%Y-%m-%d}.pdf")


@door.get("/statements")
@door.arguments(schemas.ReimbursementsQuery, location="query")
@door.response(200, schemas.Statements, description="Une page, du plus récent au plus ancien")
def list_statements(asked: dict[str, Any]) -> dict[str, Any]:
    """Afficher mes relevés (décomptes), par date de soins et par bénéficiaire"""
    return reimbursements.statements(http.work(), **asked)


@door.get("/statements/<uuid:statement_id>/paper.pdf")
@door.response(200, FILE, content_type=statement_pdf.MEDIA_TYPE, description="Le décompte, toujours le même")
def download_statement(statement_id: uuid.UUID) -> Response:
    """Télécharger un décompte"""
    work = http.work()
    told = reimbursements.statement(work, statement_id)
    _taken_away(work, "statement")
    about = ABOUT.format(number=told["number"], fund=told["fund"], day=day(told["issued_on"]))
    return _pdf(work, Paper(_("Décompte"), about, told["lines"]), f"decompte-{told['issued_on']:%Y-%m-%d}.pdf")


def _pdf(work: Work, paper: Paper, name: str) -> Response:
    drawn = statement_pdf.draw(paper, work.brand.identity)
    return _attached(Response(drawn, content_type=statement_pdf.MEDIA_TYPE), name)


def _attached(answer: Response, name: str) -> Response:
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _taken_away(work: Work, what: str) -> None:
    """Health data leaves: the trail says so."""
    work.audit("reimbursements.downloaded", work.actor.reference, what=what)
