"""What an employer reads: « Mes salariés affiliés », one employee, and the Excel file (S1:185-196, S1:251-308)."""

import uuid
from typing import Any

from flask import Response

from chassis import http
from chassis.sheets import MEDIA_TYPE, Mark
from chassis.streams import Streamed
from services.members.adapters import xlsx
from services.members.queries import employees, exports
from services.members.schemas import (
    EmployeesQuery,
    EmployeesSearch,
    ExportForecast,
    ExportQuery,
    FiltersAnswer,
    FiltersQuery,
    InsuredEmployeeDetail,
    InsuredEmployees,
)

door = http.Door("employees", __name__, url_prefix="/employees", audience=("employer",), description="Salariés affiliés")
FILE = {"type": "string", "format": "binary"}
ROWS, ABOUT_BYTES = "Affilia-Rows", "Affilia-About-Bytes"
"""How much is to come: a client draws how far a download is, which no ``Content-Length`` can tell."""


@door.get("")
@door.arguments(EmployeesQuery, location="query")
@door.response(200, InsuredEmployees, description="Une page de salariés, dans l'ordre demandé")
def list_employees(asked: dict[str, Any]) -> dict[str, Any]:
    """Lister les salariés affiliés des entreprises gérées"""
    return employees.employees(http.work(), asked)


@door.post("/search")
@door.arguments(EmployeesSearch)
@door.response(200, InsuredEmployees, description="Une page de salariés, dans l'ordre demandé")
def search_employees(asked: dict[str, Any]) -> dict[str, Any]:
    """Chercher un salarié par son nom, au besoin par son numéro de sécurité sociale"""
    return employees.search(http.work(), asked)


@door.get("/filters")
@door.arguments(FiltersQuery, location="query")
@door.response(200, FiltersAnswer, description="Les valeurs de chaque filtre")
def list_filters(asked: dict[str, Any]) -> dict[str, Any]:
    """Lister ce que chaque filtre propose"""
    return employees.filters(http.work(), asked["siren"])


@door.get("/<uuid:rights_id>")
@door.response(200, InsuredEmployeeDetail, description="Le salarié, ses ayants droit et l'historique de ses droits")
def show_employee(rights_id: uuid.UUID) -> dict[str, Any]:
    """Voir les droits d'un salarié, leur historique et la suite possible"""
    return employees.employee(http.work(), rights_id)


@door.get("/export")
@door.arguments(ExportQuery, location="query")
@door.response(200, ExportForecast, description="Ce que le fichier contiendrait")
def forecast_export(asked: dict[str, Any]) -> dict[str, Any]:
    """Savoir combien de lignes le fichier Excel contiendrait"""
    return exports.forecast(http.work(), asked)


@door.get("/export.xlsx")
@door.arguments(ExportQuery, location="query")
@door.response(200, FILE, content_type=MEDIA_TYPE, description="Le fichier Excel ; son nombre de lignes est dans « Affilia-Rows »")
@door.sensitive
def export_employees(asked: dict[str, Any]) -> Response:
    """Télécharger les salariés affiliés au format Excel, pour un établissement ou pour tous"""
    work = http.work()
    rows = exports.export(work, asked)
    mark = Mark(work.actor.name, work.now)
    answer = Streamed(lambda reading: xlsx.workbook(exports.sheets(reading, asked), mark), MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=xlsx.file_name(work.today, asked["siret"]))
    answer.headers.update({ROWS: str(rows), ABOUT_BYTES: str(exports.about_bytes(rows))})
    return answer
