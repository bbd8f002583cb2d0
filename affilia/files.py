"""``affilia files``: whether the store of documents can be used, said in one sentence before the first person sends a file."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from services.documents.config import DocumentsSettings, ObjectStore
    from services.documents.errors import StoreDown

PROBE_BYTES = 1_024


@click.group()
def files() -> None:
    """Le magasin des fichiers du service documents ; les réglages viennent de l'environnement."""


@files.command()
@click.option("--create", is_flag=True, help="Crée d'abord le seau s'il manque.")
def check(create: bool) -> None:
    """Écrit, relit et efface un fichier d'essai."""
    from services.documents.adapters import make_store
    from services.documents.adapters.s3 import S3Bucket
    from services.documents.errors import StoreDown

    settings = _settings(os.environ)
    store = make_store(settings)
    try:
        if create and isinstance(store, S3Bucket):
            store.create()
        prove(store)
    except StoreDown as error:
        raise click.ClickException(told(error, settings)) from None
    click.echo(f"{_named(settings)} : un fichier s'y écrit, s'y relit et s'y efface.")


def prove(store: ObjectStore) -> None:
    """Put, read and delete one object of our own. Raises ``StoreDown``."""
    from services.documents.errors import StoreDown
    from services.documents.rules import new_key

    key, content = new_key(datetime.now(UTC).date()), secrets.token_bytes(PROBE_BYTES)
    store.ping()
    store.put(key, io.BytesIO(content))
    try:
        with closing(store.open(key)) as stream:
            if stream.read() != content:
                raise StoreDown("altered")
    finally:
        store.delete(key)


def told(error: StoreDown, settings: DocumentsSettings) -> str:
    """What an operator has to do, in one sentence without any secret."""
    from services.documents.errors import BucketMissing, StoreRefuses

    sentences: Mapping[type[Exception], str] = {
        BucketMissing: "{store} n'existe pas sur ce serveur : créez-le, ou jouez « affilia files check --create ».",
        StoreRefuses: "{store} : le serveur refuse ces identifiants (s3_access_key, s3_secret_key), ou leur droit sur le seau.",
    }
    unknown = "{store} ne peut pas servir ({reason}) : vérifiez « s3_endpoint » et l'état du serveur."
    return sentences.get(type(error), unknown).format(store=_named(settings), reason=error)


def _named(settings: DocumentsSettings) -> str:
    return f"Le seau « {settings.s3_bucket} »" if settings.s3_bucket else f"Le dossier {settings.store}"


def _settings(environ: Mapping[str, str]) -> DocumentsSettings:
    from chassis.config import from_environment
    from services.documents.config import DocumentsSettings

    return from_environment(DocumentsSettings, "documents", environ)
