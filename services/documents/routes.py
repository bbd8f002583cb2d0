"""The HTTP door of documents: send a file, list them, read one."""

from typing import Any
from uuid import UUID

from flask import Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from chassis import http
from chassis.uploads import Multipart
from services.documents import access, actions, queries, rules, schemas

ENVELOPE = 100_000
"""Bytes that the multipart form itself may take around the file."""
BINARY = {"schema": {"type": "string", "format": "binary"}}


files = http.Door("files", __name__, audience=("applicant", "member", "employer", "caseworker"))
files.ARGUMENTS_PARSER = Multipart()
DOORS = (files,)


@files.before_request
def cap_body() -> None:
    """Stop reading a body that no channel of the brand would take: by its announced length, else by its bytes, counted here."""
    request.max_content_length = most = access.brand(g.work).max_bytes + ENVELOPE
    if len(request.get_data()) >= most:  # a body that announces no length is cut there, without a word
        raise RequestEntityTooLarge


@files.post("/files")
@files.creating
@files.arguments(schemas.NewFile, location="files")
@files.response(201, schemas.StoredFile)
def send_file(form: dict[str, Any]) -> dict[str, Any]:
    """Envoyer un fichier"""
    upload = rules.Upload(kind=form["kind"], name=form["file"].filename or "", content=form["file"].read(), owner=form["owner"])
    document = actions.receive(http.work(), http.adapters(), upload, announcing=_announce)
    return queries.labelled(http.work(), document)


@files.get("/files")
@files.arguments(schemas.FileQuery, location="query")
@files.response(200, schemas.StoredFilePage)
def list_files(page: dict[str, Any]) -> dict[str, Any]:
    """Les fichiers de mon périmètre, du plus récent au plus ancien"""
    return queries.documents(http.work(), **page)


@files.get("/files/<uuid:document_id>")
@files.response(200, schemas.StoredFile)
def show_file(document_id: UUID) -> dict[str, Any]:
    """L'état d'un fichier"""
    return queries.document(http.work(), document_id)


@files.get("/files/<uuid:document_id>/content")
@files.doc(responses={"200": {"description": "Le fichier.", "content": dict.fromkeys(rules.SUFFIXES, BINARY)}})
@files.alt_response(409, description="Le fichier est en cours de vérification, ou a été refusé.")
def read_file(document_id: UUID) -> Response:
    """Télécharger un fichier vérifié"""
    document, content = actions.read(http.work(), http.adapters(), document_id)
    headers = {
        "Content-Disposition": rules.disposition(document.name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return Response(content, content_type=document.media_type, headers=headers)


def _announce(key: str) -> None:
    with http.running().working(http.work().actor) as apart:
        actions.announce(apart, key)
