"""The HTTP door of documents: send a file, list them, read one."""

from typing import Any
from uuid import UUID

from flask import Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from chassis import http
from chassis.uploads import Multipart
from services.documents import access, actions, queries, rules, schemas
from services.documents.config import LIBRARY
from services.documents.models import Document

ENVELOPE = 100_000
"""Bytes that the multipart form itself may take around the file."""
BINARY = {"schema": {"type": "string", "format": "binary"}}


files = http.Door("files", __name__, audience=("applicant", "member", "employer", "caseworker"))
shelves = http.Door("library", __name__, audience=("member", "employer", "caseworker"), description="Base documentaire")
publishers = http.Door("library_kept", __name__, audience=("caseworker",), description="Base documentaire")
files.ARGUMENTS_PARSER = publishers.ARGUMENTS_PARSER = Multipart()
DOORS = (files, shelves, publishers)


@files.before_request
def cap_body() -> None:
    """Stop reading a body that no channel of the brand would take."""
    _cap(access.brand(g.work).max_bytes + ENVELOPE)


@publishers.before_request
def cap_publication() -> None:
    """Stop reading a body that the document base would not take."""
    _cap(LIBRARY.max_bytes + ENVELOPE)


def _cap(most: int) -> None:
    """By its announced length, else by its bytes, counted here."""
    request.max_content_length = most
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
@files.doc(responses={"200": {"description": "Le fichier.", "content": dict.fromkeys((*rules.SUFFIXES, rules.ARCHIVE), BINARY)}})
@files.alt_response(409, description="Le fichier est en cours de vérification, ou a été refusé.")
def read_file(document_id: UUID) -> Response:
    """Télécharger un fichier vérifié"""
    return _given(*actions.read(http.work(), http.adapters(), document_id))


@files.get("/uploads")
@files.response(200, schemas.UploadChannels)
def list_uploads() -> dict[str, Any]:
    """Ce que l'on peut envoyer : types, tailles et nombres, usage par usage"""
    return {"items": queries.uploads(http.work())}


@shelves.get("/library")
@shelves.arguments(schemas.LibraryQuery, location="query")
@shelves.response(200, schemas.Library)
def list_library(asked: dict[str, Any]) -> dict[str, Any]:
    """La base documentaire de l'espace, par rubrique, ou ce qui porte ces mots dans son titre"""
    return {"items": queries.library(http.work(), asked["q"])}


@shelves.get("/library/<key>")
@shelves.doc(responses={"200": {"description": "Le document.", "content": {"application/pdf": BINARY}}})
def read_library(key: str) -> Response:
    """Télécharger la version en cours d'un document, ou savoir que l'on a déjà la dernière (If-None-Match)"""
    tag = queries.published(http.work(), key).sha256
    if request.if_none_match.contains(tag):
        return _kept(Response(status=304), tag)
    return _kept(_given(*actions.read_published(http.work(), http.adapters(), key)), tag)


@publishers.get("/library/<key>/versions")
@publishers.response(200, schemas.PublishedVersions)
def list_versions(key: str) -> dict[str, Any]:
    """Toutes les versions d'un document, avec leur date et qui les a publiées"""
    return {"items": queries.versions(http.work(), key)}


@publishers.get("/library/<key>/versions/<uuid:document_id>")
@publishers.doc(responses={"200": {"description": "Le document.", "content": {"application/pdf": BINARY}}})
def read_version(key: str, document_id: UUID) -> Response:
    """Télécharger une version, même ancienne"""
    return _given(*actions.read_version(http.work(), http.adapters(), key, document_id))


@publishers.post("/library/<key>")
@publishers.creating
@publishers.arguments(schemas.PublishedFile, location="files")
@publishers.response(201, schemas.StoredFile, description="En vérification ; la version en cours le reste jusque-là")
def publish(form: dict[str, Any], key: str) -> dict[str, Any]:
    """Publier une nouvelle version d'un document"""
    upload = rules.Upload(kind=key, name=form["file"].filename or "", content=form["file"].read())
    return queries.labelled(http.work(), actions.publish(http.work(), http.adapters(), upload, announcing=_announce))


def _kept(answer: Response, tag: str) -> Response:
    """A document that a browser may keep, as long as it asks each time whether it is still the one."""
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _given(document: Document, content: bytes) -> Response:
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
