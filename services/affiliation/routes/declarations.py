"""The employer's declarations (S1:200-218): one newcomer, or a file of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, jsonify

from chassis import http
from chassis.sheets import MEDIA_TYPE
from chassis.uploads import Multipart
from services.affiliation import queries, schemas
from services.affiliation.actions import declarations, examination
from services.affiliation.actions.examination import Numbered
from services.affiliation.adapters import bulletin, files

door = http.Door("declarations", __name__, audience=("employer",), description="Pré-affiliation des nouveaux salariés")
shared = http.Door(
    "declarations_shared", __name__, audience=("employer", "caseworker"), description="Pré-affiliation des nouveaux salariés"
)
file_door = http.Door("declaration_files", __name__, audience=("employer",), description="Pré-affiliation des nouveaux salariés")
file_door.ARGUMENTS_PARSER = Multipart()
TEMPLATE = "pre-affiliation"


@shared.get("/offers")
@shared.arguments(schemas.OffersQuery, location="query")
@shared.response(200, schemas.Offers)
def list_offers(asked: dict[str, Any]) -> dict[str, Any]:
    """Établissements et contrats auxquels affilier un salarié"""
    return {"items": queries.offers(http.work(), asked["siret"])}


@shared.post("/affiliations")
@shared.creating
@shared.arguments(schemas.PreAffiliation)
@shared.response(201, schemas.CreatedAffiliation, description="Le formulaire part par e-mail, sinon par courrier")
def pre_affiliate(declaration: dict[str, Any]) -> dict[str, Any]:
    """Pré-affilier un salarié"""
    work = http.work()
    return queries.created(work, declarations.pre_affiliate(work, declaration))


@shared.post("/affiliations/<uuid:affiliation_id>/restart")
@shared.creating
@shared.arguments(schemas.RestartChanges)
@shared.response(201, schemas.CreatedAffiliation, description="Un nouveau parcours, lié à celui qui fut abandonné")
def restart(changes: dict[str, Any], affiliation_id: UUID) -> dict[str, Any]:
    """Recommencer une affiliation abandonnée"""
    work = http.work()
    return queries.created(work, declarations.restart(work, affiliation_id, changes))


@shared.post("/affiliations/checks")
@shared.arguments(schemas.TypedSoFar)
@shared.response(200, schemas.DeclarationCheck, description="Ce qui empêcherait de la prendre, et les doublons probables")
def check(declaration: dict[str, Any]) -> dict[str, Any]:
    """Vérifier une déclaration pendant sa saisie, sans rien enregistrer"""
    return queries.checked(examination.examine(http.work(), [Numbered.of(1, declaration)]).examined)


@door.get("/affiliations/file/template")
@door.arguments(schemas.TemplateQuery, location="query")
@door.response(200, description="Le modèle à remplir", content_type=MEDIA_TYPE)
def template(asked: dict[str, Any]) -> Response:
    """Télécharger le modèle du fichier de pré-affiliation"""
    content, media_type = TEMPLATES[asked["format"]]()
    headers = {"Content-Disposition": f'attachment; filename="{TEMPLATE}.{asked["format"]}"'}
    return Response(content, content_type=media_type, headers=headers)


@door.get("/affiliations/form.pdf")
@door.arguments(schemas.FormQuery, location="query")
@door.response(200, {"type": "string", "format": "binary"}, content_type=bulletin.MEDIA_TYPE)
def print_form(asked: dict[str, Any]) -> Response:
    """Télécharger le formulaire de pré-affiliation à imprimer"""
    work = http.work()
    content = bulletin.draw(queries.blank(work, asked["siret"]), work.brand.identity)
    headers = {"Content-Disposition": f'attachment; filename="pre-affiliation-{asked["siret"]}.pdf"'}
    return Response(content, content_type=bulletin.MEDIA_TYPE, headers=headers)


@file_door.post("/affiliations/file")
@file_door.creating
@file_door.arguments(schemas.BulkFile, location="files")
@file_door.arguments(schemas.BulkQuery, location="query")
@file_door.response(201, schemas.BulkReport, description="Toutes les lignes sont prises, ou aucune")
@file_door.alt_response(200, schema=schemas.BulkReport, description="Essai à blanc : ce qui serait pris, et ce qui serait refusé")
def take_file(form: dict[str, Any], asked: dict[str, Any]) -> Any:
    """Pré-affilier les salariés d'un fichier (Excel ou CSV)"""
    read, unreadable = schemas.declared(files.read(form["file"].read()))
    work = http.work()
    batch = examination.examine(work, [Numbered.of(*one) for one in read], unreadable)
    if asked["dry_run"]:
        return jsonify(schemas.BulkReport().dump(queries.report(batch.examined, taken=0)))
    return queries.report(batch.examined, taken=len(declarations.pre_affiliate_all(work, batch)))


def _workbook() -> tuple[bytes, str]:
    offers = queries.offers(http.work())
    lines = (
        (place.siret, place.name, held.reference) for offer in offers for place in offer["establishments"] for held in offer["contracts"]
    )
    return files.template_xlsx(lines), MEDIA_TYPE


TEMPLATES: Mapping[str, Any] = {"xlsx": _workbook, "csv": lambda: (files.template_csv(), files.CSV)}
