"""``/producteurs``: how a payroll software publishes, what it may download, and a file checked without anything of it being kept."""

from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, json, render_template, request, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.formparser import FormDataParser

import feeds
from chassis import problems
from feeds import formats, table
from gateway import asyncapi, checking, feed
from gateway.house import house

ADDRESS = "/producteurs"
KIT = Path(feeds.__file__).parent

door = Blueprint("workshop", __name__, url_prefix=ADDRESS)


class Sample(NamedTuple):
    """A file to start from: where the kit has it, which way in it shows, and what it tells."""

    file: Path
    kind: str
    about: str


SAMPLES = {
    sample.file.name: sample
    for sample in (
        Sample(KIT / "dsn" / "samples" / "mensuelle-nature01-p26v01-synthetique.dsn", formats.DSN, "un mois de six personnes"),
        Sample(KIT / "dsn" / "samples" / "lot-oc-fctu-nature07-p26v01-synthetique.dsn", formats.DSN, "un lot de cinq fins de contrat"),
        Sample(KIT / "samples" / "faits-synthetiques.jsonl", formats.EVENTS, "chacun des faits qu'une paie peut dire"),
        Sample(
            KIT / "samples" / "faits-synthetiques.csv",
            formats.CSV,
            "cinq faits : deux affiliations, une fin de contrat, la lecture de leurs deux déclarations",
        ),
    )
}


@door.get("", strict_slashes=False)
def workshop() -> str:
    """How one becomes a producer, and the file to check."""
    return _page()


@door.post("", strict_slashes=False)
def check() -> tuple[str, int]:
    """The report of a file that was sent with the form; it is read in memory, and let go."""
    try:
        sent = _sent()
        if not sent:
            return _page(refusal="Choisissez un fichier, puis vérifiez-le."), 422
        return _page(report=checking.report(BytesIO(sent.read()))), 200
    except problems.TooMany as busy:
        return _page(refusal=busy.title), busy.status


@door.get("/asyncapi.json")
def described() -> Response:
    """The facts that services and producers tell each other (AsyncAPI 3.1)."""
    return _json(asyncapi.asyncapi(house().services.values()))


@door.get("/schemas/<name>.json")
def schema(name: str) -> Response:
    """The JSON Schema of a fact that a producer publishes."""
    found = asyncapi.producer_schemas().get(name)
    if found is None:
        abort(404)
    return _json(found)


@door.get("/exemples/<name>")
def sample(name: str) -> Response:
    """A synthetic file to start from."""
    if name not in SAMPLES:
        abort(404)
    return send_file(SAMPLES[name].file, mimetype="application/octet-stream", as_attachment=True)


def _sent() -> FileStorage | None:
    """The file of the form, in memory: werkzeug would write a large one to the disk."""
    if (request.content_length or 0) > feed.MOST_BYTES:
        abort(413)
    request.max_content_length = feed.MOST_BYTES
    parser = FormDataParser(stream_factory=lambda *_, **__: BytesIO(), max_form_parts=4)
    _stream, _fields, files = parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    found: FileStorage | None = files.get("file")
    return found if found and found.filename else None


def _page(**told: Any) -> str:
    return render_template(
        "producers.html",
        samples=SAMPLES,
        labels=formats.LABELS,
        schemas=sorted(asyncapi.producer_schemas()),
        columns=table.COLUMNS,
        key=house().settings.feed_key,
        most_bytes=feed.MOST_BYTES,
        **told,
    )


def _json(document: dict[str, Any]) -> Response:
    return Response(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", content_type="application/json")
