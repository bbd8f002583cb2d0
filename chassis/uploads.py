"""Files sent to a service: the field that holds one, and the reader of the multipart body around it."""

from collections.abc import Mapping
from typing import Any

from flask import Request
from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import CombinedMultiDict, FileStorage

from chassis.labels import _

NOT_A_FILE = _("Joignez un fichier.")
ONE_FILE = _("Envoyez un seul fichier à la fois.")


class File(Upload):  # type: ignore[misc]
    """A part of a multipart body that holds a file."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise ValidationError(NOT_A_FILE)
        return value


class Multipart(FlaskParser):
    """Reads the fields and the file of a multipart body together; a field that nobody expects is refused by its name."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {"files": None}

    def load_files(self, req: Request, schema: Schema) -> Any:
        if any(len(parts) > 1 for _name, parts in req.files.lists()):
            raise ValidationError({"file": [ONE_FILE]})
        return self._makeproxy(CombinedMultiDict([req.files, req.form]), schema)
