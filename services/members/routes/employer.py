"""What an employer reads: « Mes salariés affiliés » and its Excel file (S1:251-308)."""

import uuid
from typing import Any

from flask import Response

from chassis import http
from chassis.sheets import MEDIA_TYPE, Mark
from chassis.streams import Streamed
from services.members.adapters import xlsx
from services.members.queries import employees
from services.members.schemas import EmployeesQuery, ExportQuery, InsuredEmployeeDetail, InsuredEmployees

door = http.Door("employees", __name__, audience=("employer",), description="Salariés affiliés")
FILE = {"type": "string", "format": "binary"}


@door.get("/employees")
@door.arguments(EmployeesQuery, location="query")
@door.response(200, InsuredEmployees, description="Une page de salariés, par nom")
def list_employees(asked: dict[str, Any]) -> dict[str, Any]:
    """Lister les salariés affiliés des entreprises gérées"""
    return employees.employees(http.work(), asked)


@door.get("/employees/<uuid:rights_id>")
@door.response(200, InsuredEmployeeDetail, description="Le salarié et l'historique de ses droits")
def show_employee(rights_id: uuid.UUID) -> dict[str, Any]:
    """Voir les droits d'un salarié et leur historique"""
    return employees.employee(http.work(), rights_id)


@door.get("/employees/export.xlsx")
@door.arguments(ExportQuery, location="query")
@door.response(200, FILE, content_type=MEDIA_TYPE, description="Le fichier Excel")
@door.sensitive
def export_employees(asked: dict[str, Any]) -> Response:
    """Télécharger les salariés affiliés au format Excel, pour un établissement ou pour tous"""
    work = http.work()
    employees.export(work, asked)
    mark = Mark(work.actor.name, work.now)
    answer = Streamed(lambda reading: xlsx.workbook(employees.EXPORT_HEADER, employees.exported(reading, asked), mark), MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=xlsx.file_name(work.today, asked["siret"]))
    return answer
